package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// cinderMessage tells a user what went wrong with an object of his after his request was accepted.
type cinderMessage struct {
	meta
	EventID      string `json:"event_id"`
	Text         string `json:"user_message"`
	RequestID    string `json:"request_id"`
	ResourceType string `json:"resource_type"`
	ResourceID   string `json:"resource_uuid"`
}

func (c *cinderService) messageRoutes() []route {
	const all = "/v3/{project_id}/messages"
	return []route{
		{"GET " + all, 200, from(3, c.listMessages)},
		{"GET " + all + "/{id}", 200, from(3, c.showMessage)},
		{"DELETE " + all + "/{id}", 204, from(3, c.deleteMessage)},
	}
}

// tell leaves a message for a project.
func (c *cinderService) tell(project, kind, id, event, text, request string) {
	c.messages.add(project, &cinderMessage{EventID: "VOLUME_" + kind + "_" + event, Text: text, RequestID: request, ResourceType: kind, ResourceID: id})
}

// tooOld refuses an operation that came with a later microversion.
func tooOld() error { return refuse(http.StatusNotFound, "", "The resource could not be found.") }

func (c *cinderService) messageView(r *request, m *cinderMessage) any {
	return map[string]any{
		"id":               m.ID,
		"event_id":         m.EventID,
		"user_message":     m.Text,
		"message_level":    "ERROR",
		"created_at":       when(m.CreatedAt),
		"guaranteed_until": when(m.CreatedAt.Add(30 * 24 * time.Hour)),
		"request_id":       m.RequestID,
		"links":            c.links(r, "/messages/"+m.ID),
		"resource_type":    m.ResourceType,
		"resource_uuid":    m.ResourceID,
	}
}

func (c *cinderService) listMessages(r *request) (any, error) {
	q := r.query
	if err := filters(r, "resource_uuid", "resource_type", "event_id", "request_id", "message_level"); err != nil {
		return nil, err
	}
	found := scoped(r, c.messages, func(m *cinderMessage) bool {
		return matches(q.Get("resource_uuid"), m.ResourceID) && matches(q.Get("resource_type"), m.ResourceType) && matches(q.Get("event_id"), m.EventID) &&
			matches(q.Get("request_id"), m.RequestID) && matches(q.Get("message_level"), "ERROR")
	})
	shown, next, err := page(r, found, map[string]func(a, b *cinderMessage) int{
		"event_id": func(a, b *cinderMessage) int { return strings.Compare(a.EventID, b.EventID) },
	}, "Message")
	if err != nil {
		return nil, err
	}
	return paged("messages", views(shown, func(m *cinderMessage) any { return c.messageView(r, m) }), next), nil
}

func (c *cinderService) message(r *request) (*cinderMessage, error) {
	m := c.messages.get(reach(r), r.PathValue("id"))
	if m == nil {
		return nil, missingCinder("Message", r.PathValue("id"))
	}
	return m, nil
}

func (c *cinderService) showMessage(r *request) (any, error) {
	m, err := c.message(r)
	if err != nil {
		return nil, err
	}
	return map[string]any{"message": c.messageView(r, m)}, nil
}

func (c *cinderService) deleteMessage(r *request) (any, error) {
	m, err := c.message(r)
	if err != nil {
		return nil, err
	}
	c.messages.remove(m.ID)
	return nil, nil
}
