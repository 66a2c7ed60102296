# One subnet for all: a Kafka trigger asks for function and instance in the same one (FSS.1114). Functions in it have no way out but
# the NAT gateway, by which they call the platforms.

locals {
  name = "yipan-${var.stage}"
  cidr = "192.168.0.0/20"
}

resource "huaweicloud_vpc" "this" {
  name = local.name
  cidr = local.cidr
}

resource "huaweicloud_vpc_subnet" "this" {
  name       = local.name
  vpc_id     = huaweicloud_vpc.this.id
  cidr       = local.cidr
  gateway_ip = "192.168.0.1"
}

resource "huaweicloud_vpc_eip" "nat" {
  publicip {
    type = "5_bgp"
  }
  bandwidth {
    name        = "${local.name}-nat"
    share_type  = "PER"
    charge_mode = "traffic"
    # Mbit/s. A pushed quantity is some 2 KB both ways: 100 a second are 2 Mbit/s.
    size = 10
  }
}

resource "huaweicloud_nat_gateway" "this" {
  name        = local.name
  description = "The way of the functions to the platforms"
  # 10 000 connections; a function instance holds a handful.
  spec      = "1"
  vpc_id    = huaweicloud_vpc.this.id
  subnet_id = huaweicloud_vpc_subnet.this.id
}

resource "huaweicloud_nat_snat_rule" "this" {
  nat_gateway_id = huaweicloud_nat_gateway.this.id
  floating_ip_id = huaweicloud_vpc_eip.nat.id
  subnet_id      = huaweicloud_vpc_subnet.this.id
}

# Redis, Kafka and GeminiDB: for the subnet alone, each on its own port.
resource "huaweicloud_networking_secgroup" "engines" {
  name                 = "${local.name}-engines"
  description          = "Redis, Kafka and GeminiDB, for the functions alone"
  delete_default_rules = true
}

resource "huaweicloud_networking_secgroup_rule" "engines" {
  for_each = {
    redis = "6379"
    kafka = "9093"
    store = "8000"
  }
  security_group_id = huaweicloud_networking_secgroup.engines.id
  description       = "functions to ${each.key}"
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  ports             = each.value
  remote_ip_prefix  = local.cidr
}

resource "huaweicloud_networking_secgroup_rule" "between_brokers" {
  security_group_id = huaweicloud_networking_secgroup.engines.id
  description       = "brokers and nodes among themselves"
  direction         = "ingress"
  ethertype         = "IPv4"
  remote_group_id   = huaweicloud_networking_secgroup.engines.id
}

resource "huaweicloud_networking_secgroup_rule" "engines_out" {
  security_group_id = huaweicloud_networking_secgroup.engines.id
  description       = "answers, and nodes among themselves"
  direction         = "egress"
  ethertype         = "IPv4"
  remote_ip_prefix  = local.cidr
}

# The gateway takes HTTPS from everywhere: signatures and tokens are checked by the functions.
resource "huaweicloud_networking_secgroup" "gateway" {
  name        = "${local.name}-gateway"
  description = "API gateway"
}

resource "huaweicloud_networking_secgroup_rule" "gateway" {
  security_group_id = huaweicloud_networking_secgroup.gateway.id
  description       = "platforms and people"
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "tcp"
  ports             = "443"
  remote_ip_prefix  = "0.0.0.0/0"
}
