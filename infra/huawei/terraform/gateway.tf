# The way in. The functions' triggers make the APIs of this group; domain and certificate: README.md, checklist.
resource "huaweicloud_apig_instance" "this" {
  name               = local.name
  edition            = "BASIC"
  vpc_id             = huaweicloud_vpc.this.id
  subnet_id          = huaweicloud_vpc_subnet.this.id
  security_group_id  = huaweicloud_networking_secgroup.gateway.id
  availability_zones = slice(var.availability_zones, 0, 2)
  # Mbit/s. A pushed order is some 5 KB: 100 a second are 4 Mbit/s.
  ingress_bandwidth_size          = 10
  ingress_bandwidth_charging_mode = "traffic"
}

resource "huaweicloud_apig_group" "this" {
  instance_id = huaweicloud_apig_instance.this.id
  name        = replace(local.name, "-", "_")
  description = "APIs of the functions' triggers"
}
