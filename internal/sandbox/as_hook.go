package sandbox

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hwcloud/terraform-provider-hwcloud/internal/pattern"
)

// lifecycleHook would hold up servers that come or go; here none has to wait. Its id is that of its group and its name.
type lifecycleHook struct {
	meta
	GroupID  string `json:"scaling_group_id"`
	Name     string `json:"name"`
	Type     string `json:"lifecycle_hook_type"`
	Result   string `json:"default_result"`
	Timeout  int    `json:"default_timeout"`
	TopicURN string `json:"notification_topic_urn"`
	Metadata string `json:"notification_metadata"`
}

// scalingNotification tells a topic what becomes of a group. Its id is that of its group and its topic's URN.
type scalingNotification struct {
	meta
	GroupID  string   `json:"scaling_group_id"`
	TopicURN string   `json:"topic_urn"`
	Scenes   []string `json:"topic_scene"`
}

func (a *asService) hookRoutes() []route {
	const hooks, notifications = asPath + "/scaling_lifecycle_hook/{id}", asPath + "/scaling_notification/{id}"
	return []route{
		{"POST " + hooks, 200, a.createHook},
		{"GET " + hooks + "/list", 200, a.listHooks},
		{"GET " + hooks + "/{name}", 200, a.showHook},
		{"PUT " + hooks + "/{name}", 200, a.updateHook},
		{"DELETE " + hooks + "/{name}", 204, a.deleteHook},
		{"PUT " + notifications, 200, a.putNotification},
		{"GET " + notifications, 200, a.listNotifications},
		{"DELETE " + notifications + "/{topic_urn}", 204, a.deleteNotification},
	}
}

func (a *asService) hooksOf(g *scalingGroup) []*lifecycleHook {
	return a.hooks.where("", func(h *lifecycleHook) bool { return h.GroupID == g.ID })
}

func (a *asService) notificationsOf(g *scalingGroup) []*scalingNotification {
	return a.notifications.where("", func(n *scalingNotification) bool { return n.GroupID == g.ID })
}

// hookInput is what a request says of a hook; nil is nothing.
type hookInput struct {
	Name     string  `json:"lifecycle_hook_name"` // only of a new one
	Type     *string `json:"lifecycle_hook_type"`
	Result   *string `json:"default_result"`
	Timeout  *int    `json:"default_timeout"`
	TopicURN *string `json:"notification_topic_urn"`
	Metadata *string `json:"notification_metadata"`
}

var hookName = pattern.New(`^[A-Za-z0-9_-]{1,32}$`)

func (a *asService) applyHook(r *request, h *lifecycleHook, in *hookInput) error {
	set(&h.Type, in.Type)
	set(&h.Result, in.Result)
	set(&h.Timeout, in.Timeout)
	set(&h.TopicURN, in.TopicURN)
	set(&h.Metadata, in.Metadata)
	switch {
	case h.Type == "":
		return badScaling("AS.7037", "The type of the lifecycle hook is empty.")
	case h.Type != "INSTANCE_LAUNCHING" && h.Type != "INSTANCE_TERMINATING":
		return badScaling("AS.7033", "Invalid lifecycle hook type.")
	case h.Result != "ABANDON" && h.Result != "CONTINUE":
		return badScaling("AS.7034", "Invalid lifecycle hook callback action result.")
	case !between(&h.Timeout, 60, 86400):
		return badScaling("AS.7030", "Invalid lifecycle hook default timeout.")
	case utf8.RuneCountInString(h.Metadata) > 256:
		return badScaling("AS.7035", "The metadata of the lifecycle hook is too long.")
	case strings.ContainsAny(h.Metadata, "<>&'()"):
		return badScaling("AS.7055", "The metadata of the lifecycle hook has special character.")
	case a.smn.topics.get(r.project.ID, h.TopicURN) == nil:
		return noHookTopic()
	}
	return nil
}

func noHookTopic() error {
	return badScaling("AS.7043", "The lifecycle hook topic urn does not exist.")
}

func (a *asService) createHook(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	var in hookInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	switch of := a.hooksOf(g); {
	case in.Name == "":
		return nil, badScaling("AS.7032", "The name of the lifecycle hook is empty.")
	case !hookName.MatchString(in.Name):
		return nil, badScaling("AS.7031", "Invalid lifecycle hook name.")
	case slices.ContainsFunc(of, func(h *lifecycleHook) bool { return h.Name == in.Name }):
		return nil, badScaling("AS.7041", "The lifecycle hook name already exists.")
	case a.exceeds("scaling_lifecycle_hook", len(of)+1):
		return nil, badScaling("AS.7038", "The number of hooks in the AS group exceeds the upper limit.")
	}
	h := &lifecycleHook{meta: meta{ID: g.ID + "/" + in.Name}, GroupID: g.ID, Name: in.Name, Result: "ABANDON", Timeout: 3600}
	if err := a.applyHook(r, h, &in); err != nil {
		return nil, err
	}
	a.hooks.add(r.project.ID, h)
	return a.hookView(h), nil
}

// topicNameOf is the last part of a topic's URN.
func topicNameOf(urn string) string { return urn[strings.LastIndex(urn, ":")+1:] }

func (a *asService) hookView(h *lifecycleHook) any {
	return map[string]any{
		"lifecycle_hook_name":     h.Name,
		"lifecycle_hook_type":     h.Type,
		"default_result":          h.Result,
		"default_timeout":         h.Timeout,
		"notification_topic_urn":  h.TopicURN,
		"notification_topic_name": topicNameOf(h.TopicURN),
		"notification_metadata":   orNull(h.Metadata),
		"create_time":             h.CreatedAt.Format(asTime),
	}
}

// hook is the hook in the request's path, with its group.
func (a *asService) hook(r *request) (*scalingGroup, *lifecycleHook, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, nil, err
	}
	h := a.hooks.get(r.project.ID, g.ID+"/"+r.PathValue("name"))
	if h == nil {
		return nil, nil, notFound("lifecycle hook " + r.PathValue("name"))
	}
	return g, h, nil
}

func (a *asService) showHook(r *request) (any, error) {
	_, h, err := a.hook(r)
	if err != nil {
		return nil, err
	}
	if !a.hooks.visible(h) {
		return nil, notFound("lifecycle hook " + h.Name)
	}
	return a.hookView(h), nil
}

func (a *asService) listHooks(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	seen := slices.DeleteFunc(a.hooksOf(g), func(h *lifecycleHook) bool { return !a.hooks.visible(h) })
	return map[string]any{"lifecycle_hooks": views(seen, a.hookView)}, nil
}

func (a *asService) updateHook(r *request) (any, error) {
	_, h, err := a.hook(r)
	if err != nil {
		return nil, err
	}
	var in hookInput
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	changed := *h
	if err := a.applyHook(r, &changed, &in); err != nil {
		return nil, err
	}
	*h = changed
	a.hooks.touch(h)
	return a.hookView(h), nil
}

// deleteHook refuses while the group scales: a server may be held up.
func (a *asService) deleteHook(r *request) (any, error) {
	g, h, err := a.hook(r)
	if err != nil {
		return nil, err
	}
	if a.pending(g.Job) != nil {
		return nil, badScaling("AS.2047", "The AS group is in active status.")
	}
	a.hooks.remove(h.ID)
	return nil, nil
}

var scenes = []string{"SCALING_UP", "SCALING_UP_FAIL", "SCALING_DOWN", "SCALING_DOWN_FAIL", "SCALING_GROUP_ABNORMAL"}

// putNotification makes a notification, or changes the one of the topic: a group has one for each.
func (a *asService) putNotification(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	var in struct {
		TopicURN string   `json:"topic_urn"`
		Scenes   []string `json:"topic_scene"`
	}
	if err := r.decode(&in); err != nil {
		return nil, err
	}
	if a.smn.topics.get(r.project.ID, in.TopicURN) == nil {
		return nil, noHookTopic()
	}
	if len(in.Scenes) == 0 || slices.ContainsFunc(in.Scenes, func(s string) bool { return !slices.Contains(scenes, s) }) {
		return nil, badScaling("AS.2034", "Invalid notification method of the AS group.")
	}
	n := a.notifications.get(r.project.ID, g.ID+"/"+in.TopicURN)
	if n == nil {
		if a.exceeds("scaling_notification", len(a.notificationsOf(g))+1) {
			return nil, badScaling("AS.0022", "The number of notifications in the AS group exceeds the upper limit.")
		}
		n = a.notifications.add(r.project.ID, &scalingNotification{meta: meta{ID: g.ID + "/" + in.TopicURN}, GroupID: g.ID, TopicURN: in.TopicURN})
	}
	n.Scenes = in.Scenes
	a.notifications.touch(n)
	return notificationView(n), nil
}

func notificationView(n *scalingNotification) any {
	return map[string]any{"topic_urn": n.TopicURN, "topic_scene": n.Scenes, "topic_name": topicNameOf(n.TopicURN)}
}

func (a *asService) listNotifications(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	seen := slices.DeleteFunc(a.notificationsOf(g), func(n *scalingNotification) bool { return !a.notifications.visible(n) })
	return map[string]any{"topics": views(seen, notificationView)}, nil
}

func (a *asService) deleteNotification(r *request) (any, error) {
	g, err := a.group(r)
	if err != nil {
		return nil, err
	}
	n := a.notifications.get(r.project.ID, g.ID+"/"+r.PathValue("topic_urn"))
	if n == nil {
		return nil, notFound("notification " + r.PathValue("topic_urn"))
	}
	a.notifications.remove(n.ID)
	return nil, nil
}
