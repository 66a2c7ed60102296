resource "huaweicloud_lts_group" "this" {
  group_name  = local.name
  ttl_in_days = var.log_days
}

resource "huaweicloud_lts_stream" "functions" {
  group_id    = huaweicloud_lts_group.this.id
  stream_name = "functions"
}

# Members of our log lines by which alarms count (shared/adapters/system/metric-lines.ts).
resource "huaweicloud_lts_stream_index_configuration" "functions" {
  group_id  = huaweicloud_lts_group.this.id
  stream_id = huaweicloud_lts_stream.functions.id

  full_text_index {
    enable          = true
    include_chinese = true
  }

  dynamic "fields" {
    for_each = {
      event     = "string"
      metric    = "string"
      value     = "float"
      function  = "string"
      stage     = "string"
      channel   = "string"
      outcome   = "string"
      requestId = "string"
      traceId   = "string"
    }
    content {
      field_name     = fields.key
      field_type     = fields.value
      quick_analysis = true
    }
  }
}
