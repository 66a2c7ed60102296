# terraform output -raw stage_file > infra/huawei/stages/<stage>.yml
output "stage_file" {
  description = "What npm run deploy:huawei needs to know; no secret is in it."
  value = yamlencode({
    region     = var.region
    projectId  = var.project_id
    namePrefix = local.name
    agency     = huaweicloud_identity_agency.functions.name
    network = {
      vpcId    = huaweicloud_vpc.this.id
      subnetId = huaweicloud_vpc_subnet.this.id
    }
    store = {
      endpoint = var.store_endpoint
      table    = "yipan"
    }
    kafka = {
      instanceId  = huaweicloud_dms_kafka_instance.this.id
      brokers     = [for ip in split(",", huaweicloud_dms_kafka_instance.this.connect_address) : "${ip}:9093"]
      user        = local.kafka_user
      sasl        = "scram-sha-512"
      tls         = true
      topicPrefix = local.kafka_topic_prefix
    }
    redis = { cluster = false }
    gateway = {
      instanceId = huaweicloud_apig_instance.this.id
      groupId    = huaweicloud_apig_group.this.id
    }
    failures = { topicUrn = huaweicloud_smn_topic.alarms.id }
    logs = {
      groupId    = huaweicloud_lts_group.this.id
      groupName  = huaweicloud_lts_group.this.group_name
      streamId   = huaweicloud_lts_stream.functions.id
      streamName = huaweicloud_lts_stream.functions.stream_name
    }
  })
}

output "redis_url" {
  description = "YIPAN_REDIS_URL, without its password: rediss://:PASSWORD@…"
  value       = "rediss://${huaweicloud_dcs_instance.this.private_ip}:${huaweicloud_dcs_instance.this.port}"
}

output "gateway_address" {
  description = "Where the domain's name or the WAF points to."
  value       = huaweicloud_apig_instance.this.ingress_address
}
