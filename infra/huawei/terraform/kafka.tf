# The bus. A message is a hint: what is lost is found by the sweeps, so that one day is kept.

locals {
  kafka_topic_prefix = "yipan-"
  kafka_user         = "yipan"
  # Topics of shared/ports/bus.ts. As many partitions as batches may run at once (maximumConcurrency in function.yml): messages of one
  # key are in one partition, in order.
  topics = {
    "platform-order-changed" = 10
    "delivery-order-ready"   = 10
    "stock-changed"          = 2
  }
}

resource "huaweicloud_dms_kafka_instance" "this" {
  name               = local.name
  engine_version     = "2.7"
  flavor_id          = var.kafka_flavor_id
  broker_num         = 3
  storage_space      = 300
  storage_spec_code  = "dms.physical.storage.ultra.v2"
  availability_zones = var.availability_zones
  vpc_id             = huaweicloud_vpc.this.id
  network_id         = huaweicloud_vpc_subnet.this.id
  security_group_id  = huaweicloud_networking_secgroup.engines.id

  ssl_enable         = true
  security_protocol  = "SASL_SSL"
  enabled_mechanisms = ["SCRAM-SHA-512"]
  access_user        = local.kafka_user
  password           = var.kafka_password

  # A topic by a slip of a name would be read by nobody.
  enable_auto_topic = false
  # Full disks lose the oldest hints, not the newest.
  retention_policy = "time_base"
}

resource "huaweicloud_dms_kafka_topic" "this" {
  for_each         = local.topics
  instance_id      = huaweicloud_dms_kafka_instance.this.id
  name             = "${local.kafka_topic_prefix}${each.key}"
  partitions       = each.value
  replicas         = 3
  aging_time       = 24
  sync_replication = true
}
