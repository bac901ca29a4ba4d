resource "hwcloud_topic" "example" {
  name = "on-call"
}

# Any of the policies raises the alarm. A threshold may be 0.
resource "hwcloud_alarm_rule" "example" {
  name      = "web-busy"
  namespace = "SYS.ECS"
  type      = "MULTI_INSTANCE"

  resources = [
    { dimensions = [{ name = "instance_id", value = "4270ff17-aba3-4138-89fa-820594c39755" }] },
  ]

  policies = [
    {
      metric_name         = "cpu_util"
      period              = 300
      filter              = "average"
      comparison_operator = ">="
      value               = 80
      unit                = "%"
      count               = 3
      level               = 2
      suppress_duration   = 3600
    },
    {
      metric_name         = "network_vm_connections"
      period              = 300
      filter              = "max"
      comparison_operator = "="
      value               = 0
      count               = 3
      level               = 1
    },
  ]

  alarm_notifications     = [{ type = "notification", notification_list = [hwcloud_topic.example.id] }]
  ok_notifications        = [{ type = "notification", notification_list = [hwcloud_topic.example.id] }]
  notification_begin_time = "06:00"
  notification_end_time   = "22:00"
}

resource "hwcloud_alarm_rule" "reboots" {
  name                 = "reboots"
  namespace            = "SYS.ECS"
  type                 = "EVENT.SYS"
  notification_enabled = false

  policies = [{
    metric_name         = "rebootServer"
    period              = 0
    filter              = "average"
    comparison_operator = ">="
    value               = 1
    count               = 1
  }]
}
