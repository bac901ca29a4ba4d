package object

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
	"github.com/hwcloud/terraform-provider-hwcloud/internal/convert"
)

// Resources are the Kind's managed resources: one, or none when it can only be looked up.
func (k *Kind) Resources() []func() resource.Resource {
	if k.NoResource {
		return nil
	}
	return []func() resource.Resource{func() resource.Resource { return &managed{kind: k} }}
}

// managed is a Kind as a Terraform resource.
type managed struct {
	kind    *Kind
	session *Session
}

var (
	_ resource.ResourceWithConfigure      = &managed{}
	_ resource.ResourceWithIdentity       = &managed{}
	_ resource.ResourceWithImportState    = &managed{}
	_ resource.ResourceWithModifyPlan     = &managed{}
	_ resource.ResourceWithMoveState      = &managed{}
	_ resource.ResourceWithValidateConfig = &managed{}
)

// Keys of the private state.
const (
	privateJob      = "job"      // the job that will name the object, while only the job is known
	privateImported = "imported" // the object was not created here: what the cloud never answers is not known
)

func (r *managed) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.kind.TypeName()
}

func (r *managed) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.kind.resourceSchema(ctx)
}

func (r *managed) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identitySchema()
}

func (r *managed) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	r.session, _ = req.ProviderData.(*Session) // nil while Terraform only validates
}

// Create makes the object. From the moment the cloud has named it, whatever fails leaves it in the state.
func (r *managed) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	ctx, cancel := r.limit(ctx, req.Plan, timeouts.Value.Create, r.kind.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	plan, values := r.planned(req.Plan, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	listing := r.session.listing(r.kind, values)
	listing.forget()
	defer listing.forget()

	err := r.session.derive(ctx, r.kind, values)
	var made made
	if err == nil {
		made, err = r.make(ctx, values)
	}
	if made.id != "" || made.job != "" {
		// Only what is certain, until the object itself has been read.
		known := plan.with(map[string]any{attrID: nil})
		if made.id != "" {
			values[attrID] = made.id
			values = r.kind.located(values)
			for _, name := range append(r.kind.parts(), attrID) {
				known[name] = values[name]
			}
		}
		maps.Copy(known, made.once)
		maps.Copy(values, made.once)
		resp.State.Raw = certain(r.raw(ctx, resp.State, known, &resp.Diagnostics))
	} else {
		resp.State.RemoveResource(ctx)
	}
	if err == nil && made.job != "" {
		resp.Diagnostics.Append(setPrivate(ctx, resp.Private, privateJob, made.job)...)
		err = r.awaitCreation(ctx, values, &made)
		if made.id != "" {
			values[attrID] = made.id
			values = r.kind.located(values)
			for _, name := range append(r.kind.parts(), attrID) {
				resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), values[name])...)
			}
		}
		if made.id != "" || err == nil {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateJob, nil)...)
		}
	}
	var object map[string]any
	if err == nil {
		object, err = r.session.await(ctx, r.kind, values, r.kind.lag())
	}
	if err == nil {
		err = r.session.until(ctx, r.kind, r.kind.createOp().Until, values)
	}
	if err != nil {
		summary, detail := r.kind.explain("create", values, err)
		if _, failed := errors.AsType[*cloud.JobError](err); failed && r.absent(ctx, values) {
			resp.State.RemoveResource(ctx)
			detail += "\n\nNothing was created."
		}
		resp.Diagnostics.AddError(summary, detail)
		if made.id != "" || made.job != "" {
			r.identify(context.WithoutCancel(ctx), resp.Identity, values, &resp.Diagnostics) // what was made knows its project
		}
		return
	}
	err = r.session.complete(ctx, r.kind, values, object)
	if r.followUp(ctx, values, object, &resp.Diagnostics) {
		if again, againErr := r.session.read(ctx, r.kind, values); againErr == nil {
			object, err = again, nil
		}
	}
	if err != nil { // the object is usable all the same, and an error would have Terraform replace it
		summary, detail := r.kind.explain("read all of", values, err)
		resp.Diagnostics.AddWarning(summary, detail+"\n\nThe object was created and is kept. What could not be read is empty until the next refresh.")
	} else {
		r.conclude(ctx, &resp.State, req.Plan.Raw, values, object, &resp.Diagnostics)
	}
	r.identify(context.WithoutCancel(ctx), resp.Identity, values, &resp.Diagnostics)
}

// made is what a create call told: the object's id, or a job that will tell it, or both.
type made struct {
	id, job string
	service *cloud.Service
	region  string
	idPaths []string
	once    map[string]any // what only this answer tells
}

// make sends the create request. One whose fate is unknown is not sent again before the object was looked for.
func (r *managed) make(ctx context.Context, values Values) (made, error) {
	k, op := r.kind, r.kind.createOp()
	out := made{service: or(op.Service, k.Service), region: values.String(attrRegion), idPaths: op.JobID}
	request, err := k.fill(op, values, nil)
	if err != nil {
		return out, err
	}
	request.Secrets = k.secrets(values)
	if k.ClientToken {
		request.Header = http.Header{"X-Client-Token": {newUUID()}}
	}
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		begun := time.Now()
		answer, err := k.patiently(ctx, func(ctx context.Context) (any, error) {
			sending, cancel := linger(ctx)
			defer cancel()
			return r.session.Client.Do(sending, request)
		})
		if err != nil && ctx.Err() != nil {
			return out, fmt.Errorf("%w; %w", ctx.Err(), err)
		}
		if failure, ok := cloud.AsError(err); ok && failure.FateUnknown && attempt < 3 {
			id, lookErr := r.lookFor(ctx, values, begun)
			if lookErr != nil {
				return out, fmt.Errorf("%w; %w", err, lookErr)
			}
			if id != "" {
				out.id = id
				return out, nil
			}
			continue
		}
		if errors.Is(err, cloud.ErrExists) {
			id, _ := at(answer, op.ID)
			return out, fmt.Errorf("it exists already and was left as it is. To manage it here, import it: terraform import %s.NAME %v", k.TypeName(), id)
		}
		if err != nil {
			return out, err
		}
		var id any
		if op.ID != "" {
			id, _ = at(answer, op.ID)
		}
		out.id = k.composed(values, id)
		if out.once, err = k.tells(answer); err != nil {
			return out, err
		}
		if job, _ := at(answer, op.Job); op.Job != "" && job != nil {
			out.job = fmt.Sprint(job)
		}
		if out.id == "" && out.job == "" {
			return out, fmt.Errorf("the cloud's answer names neither the object (%s) nor a job", op.ID)
		}
		return out, nil
	}
}

// tells are the attributes that the answer to create alone has.
func (k *Kind) tells(answer any) (map[string]any, error) {
	once := map[string]any{}
	holder, _ := at(answer, beside(k.createOp().ID))
	for _, name := range k.Once {
		value, err := k.Fields[name].decode(holder, name, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		once[name] = value
	}
	return once, nil
}

// beside is the path of the object that holds what a path leads to.
func beside(path string) string {
	return path[:max(0, strings.LastIndex(path, "."))]
}

// lookFor finds the object that a request whose fate is unknown may have made: like the plan in everything that is
// known, and no older than the request. It keeps looking for a while, for the cloud is eventually consistent.
func (r *managed) lookFor(ctx context.Context, values Values, begun time.Time) (id string, err error) {
	const clockSkew = time.Minute
	deadline := time.Now().Add(r.kind.lag() / 3)
	err = cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		var ids []string
		for item, err := range r.session.items(ctx, r.kind, values) {
			if err != nil {
				return false, err
			}
			object, err := r.kind.decode(item, values)
			if err != nil {
				return false, err
			}
			if r.kind.alike(object, values) && !createdBefore(object, begun.Add(-clockSkew)) {
				ids = append(ids, r.kind.idOf(item, values))
			}
		}
		switch len(ids) {
		case 0:
			return time.Now().After(deadline), nil
		case 1:
			id = ids[0]
			return true, nil
		}
		return false, fmt.Errorf("%d objects fit what was to be created: %v. Delete those that are not needed, and import the one to keep", len(ids), ids)
	})
	return id, err
}

// alike tells that an object has all that a plan knows and the cloud answers.
func (k *Kind) alike(object, plan Values) bool {
	for _, name := range k.sent() {
		if k.attributes()[name].silent || !plan.Has(name) {
			continue
		}
		if !k.same(name, object[name], overlay(plan[name], object[name])) {
			return false
		}
	}
	return true
}

func createdBefore(object Values, at time.Time) bool {
	created, err := parseTime(object.String("created_at"))
	return err == nil && created.Before(at)
}

// parseTime reads the cloud's notations of a UTC time.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", s)
}

// awaitCreation waits for the job of a create call and learns the object's id from it, when the call did not tell.
func (r *managed) awaitCreation(ctx context.Context, values Values, m *made) error {
	job, err := r.session.Client.AwaitJob(ctx, m.service, m.region, m.job)
	if err != nil || m.id != "" {
		return err
	}
	for _, place := range m.idPaths {
		if id, ok := at(job, place); ok && id != nil {
			m.id = r.kind.composed(values, id)
			return nil
		}
	}
	return fmt.Errorf("%s job %s succeeded and does not name the object", m.service.Name, m.job)
}

// absent tells that an object is proven not to exist.
func (r *managed) absent(ctx context.Context, values Values) bool {
	if values.String(attrID) == "" {
		return true // a job failed before it named anything
	}
	_, err := r.session.readOne(ctx, r.kind, values)
	return err != nil && gone(err)
}

// followUp carries out what the create call could not carry. What fails is a warning: the object stays, untainted, and
// the next refresh tells the truth. It reports whether the object may have changed.
func (r *managed) followUp(ctx context.Context, values Values, object map[string]any, diags *diag.Diagnostics) (changed bool) {
	call := &Call{Prior: Values{attrID: values[attrID], attrRegion: values[attrRegion]}, Plan: values, kind: r.kind, session: r.session}
	warn := func(what []string, err error) {
		summary, detail := r.kind.explain(fmt.Sprintf("set %v of", what), values, err)
		diags.AddWarning(summary, detail+"\n\nThe object was created and is kept. The next plan shows what is missing.")
	}
	for _, change := range r.kind.Changes {
		call.Changed = slices.DeleteFunc(slices.Clone(change.Of), func(name string) bool { _, ok := values.Get(name); return !ok })
		if change.Follows == nil || len(call.Changed) == 0 || !change.Follows(values) {
			continue
		}
		changed = true
		if err := r.perform(ctx, change, call); err != nil {
			warn(call.Changed, err)
		}
	}
	if r.kind.Tags != nil && r.kind.Tags.Create == "" {
		if tags := values.Map(attrTagsAll); len(tags) > 0 {
			changed = true
			answered, err := r.kind.decode(object, values) // the path may have what only the cloud knew
			if err == nil {
				err = r.session.retag(ctx, r.kind, values.upon(answered), nil, tags)
			}
			if err != nil {
				warn([]string{attrTags}, err)
			}
		}
	}
	return changed
}

// perform carries out one change. One that is a job leaves the object busy for a moment: the next has to wait.
func (r *managed) perform(ctx context.Context, change Change, call *Call) error {
	if change.Do != nil {
		return change.Do(ctx, call)
	}
	op := r.kind.changeOp(change)
	_, err := call.Do(ctx, op, nil)
	if err == nil && op.Job != "" {
		err = call.Ready(ctx)
	}
	return err
}

// Read refreshes the state. Only proven absence removes the object from it; a read that failed changes nothing.
func (r *managed) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, err := valuesOf(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the state of "+r.kind.TypeName(), err.Error())
		return
	}
	if state.String(attrID) == "" {
		id, diags := r.recover(ctx, state, req.Private)
		resp.Diagnostics.Append(diags...)
		if diags.HasError() {
			return
		}
		if id == "" {
			resp.State.RemoveResource(ctx)
			r.identify(ctx, resp.Identity, state, &resp.Diagnostics)
			return
		}
		state[attrID] = id
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateJob, nil)...)
	}
	state = r.kind.located(state)
	r.identify(ctx, resp.Identity, state, &resp.Diagnostics)
	object, err := r.session.listing(r.kind, state).read(ctx, state)
	if err != nil {
		if gone(err) {
			resp.State.RemoveResource(ctx)
			return
		}
		resp.Diagnostics.Append(r.kind.failure("read", state, err))
		return
	}
	resp.State.Raw = r.stateOf(ctx, resp.State, state, object, &resp.Diagnostics)
}

// recover asks the job of an interrupted creation for the object. An empty id without an error means that the job
// failed, and nothing was made.
func (r *managed) recover(ctx context.Context, state Values, private interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
}) (string, diag.Diagnostics) {
	var diags diag.Diagnostics
	raw, d := private.GetKey(ctx, privateJob)
	diags.Append(d...)
	var job string
	if len(raw) == 0 || json.Unmarshal(raw, &job) != nil {
		diags.AddError("Cannot read "+r.kind.label(state), "The state holds neither its id nor the job that creates it. Remove it from the state and import the object.")
		return "", diags
	}
	ctx, cancel := context.WithTimeout(ctx, or(r.kind.Timeouts.Create, standardTimeout))
	defer cancel()
	op := r.kind.createOp()
	m := made{job: job, service: or(op.Service, r.kind.Service), region: state.String(attrRegion), idPaths: op.JobID}
	err := r.awaitCreation(ctx, state, &m)
	if _, failed := errors.AsType[*cloud.JobError](err); failed {
		summary, detail := r.kind.explain("find", state, err)
		diags.AddWarning(summary, detail+"\n\nNothing was created, so it is removed from the state.")
		return "", diags
	}
	if err != nil {
		diags.Append(r.kind.failure("find", state, err))
	}
	return m.id, diags
}

// Update carries out the changes that the plan asks for, one operation after the other. When one fails, the object is
// read again: the state then holds what was done, and nothing else.
func (r *managed) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	ctx, cancel := r.limit(ctx, req.Plan, timeouts.Value.Update, r.kind.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	plan, values := r.planned(req.Plan, req.Config, &resp.Diagnostics)
	prior, err := valuesOf(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the state of "+r.kind.TypeName(), err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	imported, _ := req.Private.GetKey(ctx, privateImported)
	listing := r.session.listing(r.kind, prior)
	listing.forget()
	defer listing.forget()

	whole := values.upon(prior)
	done, err := r.apply(ctx, prior, values, len(imported) > 0)
	var object map[string]any
	if err == nil {
		object, err = r.session.await(ctx, r.kind, whole, 0)
	}
	if err == nil {
		err = r.session.complete(ctx, r.kind, whole, object)
	}
	if err != nil {
		resp.Diagnostics.Append(r.kind.failure("change", prior, err))
		r.salvage(ctx, &resp.State, prior, plan, done)
		return
	}
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, privateImported, nil)...)
	r.conclude(ctx, &resp.State, req.Plan.Raw, whole, object, &resp.Diagnostics)
	r.identify(ctx, resp.Identity, whole, &resp.Diagnostics)
}

// apply performs the changes and tells which attributes they settled, also when one fails.
func (r *managed) apply(ctx context.Context, prior, plan Values, imported bool) (done []string, err error) {
	differs := r.kind.differing(prior, plan)
	for _, name := range differs {
		if a := r.kind.attributes()[name]; a.local || imported && a.silent && prior.Null(name) {
			done = append(done, name) // nothing to send: it is only recorded
		}
	}
	for _, change := range r.kind.Changes {
		call := &Call{Prior: prior, Plan: plan, kind: r.kind, session: r.session}
		for _, name := range change.Of {
			if slices.Contains(differs, name) && !slices.Contains(done, name) {
				call.Changed = append(call.Changed, name)
			}
		}
		if len(call.Changed) == 0 {
			continue
		}
		if err := r.insist(ctx, change, call); err != nil {
			return done, err
		}
		done = append(done, call.Changed...)
	}
	if before, after := prior.Map(attrTagsAll), plan.Map(attrTagsAll); r.kind.Tags != nil && !reflect.DeepEqual(before, after) {
		if err := r.session.retag(ctx, r.kind, prior, before, after); err != nil {
			return done, err
		}
		done = append(done, attrTags, attrTagsAll)
	}
	return done, nil
}

// insist performs a change. When its fate is unknown, the object is read: what already is as planned is not done twice.
func (r *managed) insist(ctx context.Context, change Change, call *Call) error {
	for attempt := 1; ; attempt++ {
		err := r.perform(ctx, change, call)
		failure, ok := cloud.AsError(err)
		if !ok || !failure.FateUnknown || attempt == 3 {
			return err
		}
		object, readErr := r.session.await(ctx, r.kind, call.Plan.upon(call.Prior), 0)
		if readErr != nil {
			return errors.Join(err, readErr)
		}
		if readErr = r.session.complete(ctx, r.kind, call.Plan.upon(call.Prior), object); readErr != nil {
			return errors.Join(err, readErr)
		}
		now, readErr := r.kind.decode(object, call.Prior)
		if readErr != nil {
			return errors.Join(err, readErr)
		}
		call.Changed = slices.DeleteFunc(call.Changed, func(name string) bool {
			return !r.kind.attributes()[name].silent && r.kind.same(name, now[name], overlay(call.Plan[name], now[name]))
		})
		if len(call.Changed) == 0 {
			return nil
		}
	}
}

// differing are the attributes that a plan changes, secrets by their version.
func (k *Kind) differing(prior, plan Values) []string {
	var names []string
	for name, a := range k.attributes() {
		if a.settable && plan[name] != convert.Unknown && !k.same(name, overlay(plan[name], prior[name]), prior[name]) {
			names = append(names, name)
		}
	}
	for _, name := range k.Secrets {
		if version := name + suffixVersion; !reflect.DeepEqual(plan[version], prior[version]) && plan[version] != nil && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// salvage writes into the state what is true after a failed update: what the cloud answers, and of the rest what was done.
func (r *managed) salvage(ctx context.Context, state *tfsdk.State, prior, plan Values, done []string) {
	truth := prior.with(nil)
	for _, name := range done {
		truth[name] = plan[name]
		if slices.Contains(r.kind.Secrets, name) {
			truth[name+suffixVersion] = plan[name+suffixVersion]
		}
	}
	patience := 30 * time.Second
	if errors.Is(ctx.Err(), context.Canceled) {
		patience = time.Second / 2 // the user wants to leave
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var diags diag.Diagnostics
	raw := certain(r.raw(ctx, *state, truth, &diags))
	if object, err := r.session.read(ctx, r.kind, truth); err == nil {
		raw = r.stateOf(ctx, *state, truth, object, &diags)
	}
	if !diags.HasError() {
		state.Raw = raw
	}
}

// Delete removes the object and waits until it is proven gone.
func (r *managed) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	ctx, cancel := r.limit(ctx, req.State, timeouts.Value.Delete, r.kind.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	state, err := valuesOf(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Cannot read the state of "+r.kind.TypeName(), err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if state.String(attrID) == "" {
		id, diags := r.recover(ctx, state, req.Private)
		resp.Diagnostics.Append(diags...)
		if id == "" {
			return
		}
		state[attrID] = id
	}
	state = r.kind.located(state)
	listing := r.session.listing(r.kind, state)
	listing.forget()
	defer listing.forget()
	if err := r.remove(ctx, state); err != nil {
		resp.Diagnostics.Append(r.kind.failure("delete", state, err))
	}
}

func (r *managed) remove(ctx context.Context, state Values) error {
	begun := time.Now()
	err := cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		_, err := r.session.run(ctx, r.kind, r.kind.deleteOp(), state, nil)
		failure, refused := cloud.AsError(err)
		if refused && failure.Status == http.StatusConflict && time.Since(begun) < r.kind.Releases {
			return false, nil
		}
		return true, err
	})
	if failure, ok := cloud.AsError(err); ok && failure.FateUnknown {
		err = nil // the question below answers it
	}
	if err != nil {
		_, failed := errors.AsType[*cloud.JobError](err)
		if (failed || gone(err)) && r.absent(ctx, state) {
			return nil
		}
		return err
	}
	return cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		object, err := r.session.readOne(ctx, r.kind, state)
		switch {
		case err == nil:
			return false, r.kind.Ready.stays(object)
		case gone(err):
			return true, nil
		}
		return false, err
	})
}

// limit bounds an operation by the timeouts block, else by the Kind's own limit.
func (r *managed) limit(ctx context.Context, from interface {
	GetAttribute(context.Context, path.Path, any) diag.Diagnostics
}, of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics), standard time.Duration, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	limit := or(standard, standardTimeout)
	var block timeouts.Value
	d := from.GetAttribute(ctx, path.Root(attrTimeouts), &block)
	diags.Append(d...)
	if !d.HasError() {
		limit, d = of(block, ctx, limit)
		diags.Append(d...)
	}
	return context.WithTimeout(ctx, limit)
}

// planned reads a plan: as Terraform has it, and with its secrets for requests.
func (r *managed) planned(from tfsdk.Plan, config tfsdk.Config, diags *diag.Diagnostics) (plan, values Values) {
	plan, err := valuesOf(from.Raw)
	configured, configErr := valuesOf(config.Raw)
	if err = errors.Join(err, configErr); err != nil {
		diags.AddError("Cannot read the plan of "+r.kind.TypeName(), err.Error())
		return nil, nil
	}
	values = r.kind.withSecrets(plan, configured)
	if r.kind.Tags != nil && plan[attrTagsAll] == convert.Unknown {
		values[attrTagsAll] = r.session.tagsAll(plan[attrTags]) // which was not known when the plan was made
	}
	return plan, values
}

// conclude writes the state after an apply: what was planned, and of what was left open what the cloud answers.
func (r *managed) conclude(ctx context.Context, state *tfsdk.State, plan tftypes.Value, values Values, object map[string]any, diags *diag.Diagnostics) {
	if raw := r.stateOf(ctx, *state, values, object, diags); !raw.IsNull() {
		state.Raw = compose(plan, raw)
	}
}

// stateOf is the state of an object as the cloud answers it.
func (r *managed) stateOf(ctx context.Context, state tfsdk.State, prior Values, object map[string]any, diags *diag.Diagnostics) tftypes.Value {
	values, err := r.session.present(r.kind, object, prior)
	if err != nil {
		diags.Append(r.kind.failure("understand the answer for", prior, err))
		return state.Raw
	}
	return r.raw(ctx, state, values, diags)
}

// present are all attributes of an object: the Kind's and the engine's.
func (s *Session) present(k *Kind, object map[string]any, prior Values) (Values, error) {
	values, err := k.decode(object, prior)
	if err != nil {
		return nil, err
	}
	values[attrID] = or(prior.String(attrID), k.idOf(object, prior))
	values[attrRegion] = or(prior.String(attrRegion), s.Client.Region())
	values[attrTimeouts] = prior[attrTimeouts]
	for _, name := range k.Secrets {
		values[name+suffixVersion] = prior[name+suffixVersion]
	}
	if k.Tags != nil {
		values[attrTags], values[attrTagsAll], err = s.decodeTags(k, object, prior)
	}
	return values, err
}

func (r *managed) raw(ctx context.Context, state tfsdk.State, values Values, diags *diag.Diagnostics) tftypes.Value {
	raw, err := convert.ToTerraform(state.Schema.Type().TerraformType(ctx), map[string]any(values))
	if err != nil {
		diags.Append(r.kind.failure("understand the answer for", values, err))
		return state.Raw
	}
	return raw
}

// identify sets what finds the object again.
func (r *managed) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, values Values, diags *diag.Diagnostics) {
	if identity == nil {
		return
	}
	region := or(values.String(attrRegion), r.session.Client.Region())
	project, err := r.session.Client.ProjectID(ctx, region)
	if err != nil {
		diags.Append(r.kind.failure("identify", values, err))
		return
	}
	raw, err := convert.ToTerraform(identity.Schema.Type().TerraformType(ctx), map[string]any{
		attrID: known(values[attrID]), attrRegion: region, "project_id": project,
	})
	if err != nil {
		diags.Append(r.kind.failure("identify", values, err))
		return
	}
	identity.Raw = raw
}

func setPrivate(ctx context.Context, private interface {
	SetKey(context.Context, string, []byte) diag.Diagnostics
}, key string, value any) diag.Diagnostics {
	text, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Cannot keep the "+key+" in the private state", err.Error())}
	}
	return private.SetKey(ctx, key, text)
}
