output "pair" {
  value = {
    primary   = { private_ip = "10.11.2.60", public_dns = "db-a.example.com" }
    secondary = { private_ip = "10.11.2.61", public_dns = "db-b.example.com" }
  }
}

output "database_password" {
  value     = "terraform-swordfish"
  sensitive = true
}
