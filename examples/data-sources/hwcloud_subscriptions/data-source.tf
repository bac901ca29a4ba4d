# Mail addresses whose owners have not agreed yet.
data "hwcloud_subscriptions" "example" {
  protocol = "email"
  status   = 0
}

output "unconfirmed" {
  value = data.hwcloud_subscriptions.example.subscriptions[*].endpoint
}
