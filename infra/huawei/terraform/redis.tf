# The stock change pool and the rate limits: a cache that may be lost at any moment, since the sweep fills it again. Hence no backups; but
# nothing may be dropped silently, so that a full Redis refuses.
resource "huaweicloud_dcs_instance" "this" {
  name               = local.name
  engine             = "Redis"
  engine_version     = "6.0"
  capacity           = var.redis_capacity_gb
  flavor             = var.redis_flavor
  availability_zones = slice(var.availability_zones, 0, 2)
  vpc_id             = huaweicloud_vpc.this.id
  subnet_id          = huaweicloud_vpc_subnet.this.id
  password           = var.redis_password
  ssl_enable         = true
  whitelist_enable   = true

  # DCS has white lists in place of security groups.
  whitelists {
    group_name = "functions"
    ip_address = [local.cidr]
  }

  parameters {
    id    = "2"
    name  = "maxmemory-policy"
    value = "noeviction"
  }
}
