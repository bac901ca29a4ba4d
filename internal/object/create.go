package object

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/cloud"
)

// Create makes the object. From the moment the cloud has named it, whatever fails leaves it in the state.
func (r *managed) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	ctx, done := r.session.heed(ctx)
	defer done()
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
		var leave func()
		leave, err = r.session.enter(ctx, r.kind, values)
		defer leave()
	}
	if err == nil {
		made.id, err = r.revive(ctx, values)
	}
	revived := made.id != ""
	if err == nil && !revived {
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
		err = r.session.until(ctx, r.kind, r.kind.createOp(values).Until, values)
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
	complete := r.followUp
	if revived {
		complete = r.adapt
	}
	if complete(ctx, values, object, &resp.Diagnostics) {
		if object, err = r.session.await(ctx, r.kind, values, 0); err == nil {
			err = r.session.complete(ctx, r.kind, values, object)
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

// revive takes back an object that counts as gone, when the plan asks for it and there is one: then it tells its id.
func (r *managed) revive(ctx context.Context, values Values) (id string, err error) {
	k, revival := r.kind, r.kind.Revives
	if revival == nil || !values.Bool(revival.If) {
		return "", nil
	}
	for item, err := range r.session.items(ctx, k, values) {
		if err != nil {
			return "", err
		}
		listed, err := k.decode(item, values)
		if err != nil {
			return "", err
		}
		fits := func(name string) bool { return k.same(name, listed[name], values[name]) }
		if !k.isGone(item) || slices.ContainsFunc(revival.By, func(name string) bool { return !fits(name) }) {
			continue
		}
		there := values.with(map[string]any{attrID: k.idOf(item, values)})
		answer, err := r.session.lookUp(ctx, k, there)
		if err != nil {
			return "", err
		}
		object, err := k.decode(answer, there)
		if err != nil {
			return "", err
		}
		for _, name := range k.sent() {
			if _, changes := k.changeOf(name); !changes && values.Has(name) && !k.same(name, object[name], overlay(values[name], object[name])) {
				return "", fmt.Errorf("%s could be had back, but its %s is %v, which cannot be changed", there.String(attrID), name, object[name])
			}
		}
		if _, err = r.session.run(ctx, k, revival.Op, there, nil); err != nil {
			return "", err // it is not the state's before it is had back
		}
		return there.String(attrID), nil
	}
	return "", nil
}

// adapt makes an object that was there before as planned. As with followUp, what fails is a warning.
func (r *managed) adapt(ctx context.Context, values Values, object map[string]any, diags *diag.Diagnostics) (changed bool) {
	found, err := r.session.present(r.kind, object, Values{attrID: values[attrID], attrRegion: values[attrRegion]})
	if err == nil {
		_, err = r.apply(ctx, found, values, false)
	}
	if err != nil {
		summary, detail := r.kind.explain("change", values, err)
		diags.AddWarning(summary, detail+"\n\nThe object was taken back and is kept. The next plan shows what is missing.")
	}
	return true
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
	k, op := r.kind, r.kind.createOp(values)
	out := made{service: or(op.Service, k.Service), region: values.String(attrRegion), idPaths: op.JobID}
	var there map[string]any
	if op.Overwrites {
		var err error
		if there, err = r.vacant(ctx, op, values); err != nil {
			return out, err
		}
	}
	values, err := r.session.kept(ctx, k, op, values, there)
	if err != nil {
		return out, err
	}
	request, err := k.fill(op, values, nil)
	if err != nil {
		return out, err
	}
	request.Secrets = k.secrets(values)
	request.Once = !op.Idempotent && !op.Overwrites // what it overwrites was not there, or it is refused
	if k.ClientToken {
		if request.Header == nil {
			request.Header = http.Header{}
		}
		request.Header.Set("X-Client-Token", newUUID())
	}
	if k.CreateBy.Do != nil {
		call := &Call{Prior: Values{attrRegion: values[attrRegion]}, Plan: values, kind: k, session: r.session}
		if err := r.perform(ctx, k.CreateBy, call); err != nil {
			return out, err
		}
		out.id = k.composed(values, nil)
		return out, nil
	}
	var before []string
	if k.Alike {
		for item, err := range r.session.items(ctx, k, values) {
			if err != nil {
				return out, err
			}
			before = append(before, k.idOf(item, values))
		}
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
			id, lookErr := r.lookFor(ctx, values, begun, before)
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
			return out, k.exists(op, values, answer)
		}
		if err != nil {
			return out, err
		}
		var id any
		if op.ID != "" {
			id, _ = at(answer, op.ID)
		}
		out.id = k.composed(values, id)
		if out.once, err = k.tells(op, answer); err != nil {
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

// vacant is an error when what a create would take over exists already: the object, where its id is made of attributes, or
// what stands at the path that the create writes. What is there is what an object that counts as gone still answers.
func (r *managed) vacant(ctx context.Context, create Op, values Values) (there map[string]any, err error) {
	var answer any
	if id := r.kind.composed(values, nil); id != "" {
		there, err = r.session.readOne(ctx, r.kind, values.with(Values{attrID: id}))
	} else {
		answer, err = r.session.do(ctx, r.kind, create.look(), values, nil)
	}
	switch {
	case err == nil:
		return nil, r.kind.exists(create, values, answer)
	case r.kind.gone(err):
		return there, nil
	}
	return nil, err
}

// look is the read of the path that a create writes.
func (o Op) look() Op { return Op{Service: o.Service, Method: http.MethodGet, Path: o.Path} }

// exists is the error of a create that found the object there.
func (k *Kind) exists(create Op, values Values, answer any) error {
	own, _ := at(answer, or(create.ID, Never))
	return fmt.Errorf("it exists already and was left as it is. To manage it here, import it: terraform import %s.NAME %s", k.TypeName(), k.composed(values, own))
}

// tells are the attributes that the answer to create alone has.
func (k *Kind) tells(create Op, answer any) (map[string]any, error) {
	once := map[string]any{}
	holder, _ := at(answer, beside(create.ID))
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
// known, no older than the request, and not there before. It keeps looking for a while, for the cloud is eventually consistent.
func (r *managed) lookFor(ctx context.Context, values Values, begun time.Time, before []string) (id string, err error) {
	const clockSkew = time.Minute
	deadline := time.Now().Add(r.kind.lag() / 3)
	err = cloud.AwaitNow(ctx, func(ctx context.Context) (bool, error) {
		var ids []string
		for item, err := range r.session.items(ctx, r.kind, values) {
			if err != nil {
				return false, err
			}
			object, err := r.kind.decode(item, values)
			if err == nil && r.kind.listsLess() && r.kind.same("name", object["name"], values["name"]) {
				object, err = r.whole(ctx, values.with(map[string]any{attrID: r.kind.idOf(item, values)}), item)
			}
			if err != nil {
				return false, err
			}
			id := r.kind.idOf(item, values)
			if r.kind.alike(object, values) && !createdBefore(object, begun.Add(-clockSkew)) && !slices.Contains(before, id) {
				ids = append(ids, id)
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

// whole are the attributes of an object of which a list does not tell all; none when it is gone by now.
func (r *managed) whole(ctx context.Context, values Values, item map[string]any) (Values, error) {
	object, err := r.session.whole(ctx, r.kind, values, item)
	if err != nil {
		if gone(err) {
			err = nil
		}
		return nil, err
	}
	return r.kind.decode(object, values)
}

// alike tells that an object of a list has all that a plan knows and the list answers.
func (k *Kind) alike(object, plan Values) bool {
	for _, name := range k.sent() {
		a := k.attributes()[name]
		place := plain(or(a.field.Read, or(a.field.API, name)))
		if a.silent || !plan.Has(name) || slices.ContainsFunc(k.Sides, func(s Side) bool { return !s.Listed && s.has(place) }) {
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
		next := "The next plan shows what is missing."
		if slices.ContainsFunc(what, func(name string) bool { return slices.Contains(r.kind.Local, name) }) {
			next = "It is only asked of a new object, so no plan repeats it: do it by hand, or replace the object."
		}
		diags.AddWarning(summary, detail+"\n\nThe object was created and is kept. "+next)
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
	maps.Copy(values, call.told)
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
