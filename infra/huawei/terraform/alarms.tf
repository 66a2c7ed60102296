# Alarms of infra/watch/huawei-alarms.yml; what to do about each is in infra/watch/runbook.md under the same name.

locals {
  alarms = {
    for alarm in yamldecode(file("${path.module}/../../watch/huawei-alarms.yml")).alarms :
    join("-", compact([alarm.name, try(alarm.which, "")])) => alarm
  }
  by_log = { for name, alarm in local.alarms : name => alarm if alarm.source == "lts" }
  by_ces = { for name, alarm in local.alarms : name => alarm if alarm.source == "ces" }

  # A function that is added is watched from its first day.
  function_files = fileset("${path.module}/../../../functions", "*/function.yml")
  functions      = [for path in local.function_files : dirname(path)]
  # Silence means something where a timer calls every minute.
  timed = [
    for path in local.function_files : dirname(path)
    if length(regexall("schedule:", file("${path.module}/../../../functions/${path}"))) > 0
  ]

  # Cloud Eye's dimensions of each service.
  watched = {
    "SYS.FunctionGraph" = local.watched_functions.all
    "SYS.DCS"           = [[{ name = "dcs_instance_id", value = huaweicloud_dcs_instance.this.id }]]
    # The platform names the consumer groups of its triggers itself: all of them.
    "SYS.DMS" = [[{ name = "kafka_instance_id", value = null }, { name = "kafka_groups", value = null }]]
  }
  # By the list's own words.
  watched_functions = {
    all    = [for name in local.functions : [{ name = "package-functionname", value = "default-${local.name}-${name}" }]]
    timers = [for name in local.timed : [{ name = "package-functionname", value = "default-${local.name}-${name}" }]]
    untimed = [
      for name in setsubtract(local.functions, local.timed) :
      [{ name = "package-functionname", value = "default-${local.name}-${name}" }]
    ]
  }
}

resource "huaweicloud_smn_topic" "alarms" {
  name         = "${local.name}-alarms"
  display_name = "Yipan ${var.stage}"
  # LTS and Cloud Eye publish here, and FunctionGraph what failed for good.
  services_publish_allowed = "ces,lts,functiongraph"
}

resource "huaweicloud_smn_subscription" "alarms" {
  topic_urn = huaweicloud_smn_topic.alarms.id
  protocol  = "email"
  endpoint  = var.alarm_email
}

resource "huaweicloud_lts_sql_alarm_rule" "this" {
  for_each             = local.by_log
  name                 = "${local.name}-${each.key}"
  description          = "infra/watch/runbook.md, ${each.value.name}"
  alarm_level          = "MAJOR"
  # The column that every query of the list gives.
  condition_expression = can(each.value.above) ? "total>${each.value.above}" : "total<${each.value.below}"

  trigger_condition_count     = each.value.times
  trigger_condition_frequency = each.value.times

  sql_requests {
    title                  = each.key
    sql                    = each.value.query
    log_group_id           = huaweicloud_lts_group.this.id
    log_stream_id          = huaweicloud_lts_stream.functions.id
    search_time_range_unit = "minute"
    search_time_range      = each.value.minutes
  }

  frequency {
    type            = "FIXED_RATE"
    fixed_rate_unit = "minute"
    fixed_rate      = each.value.minutes
  }

  send_notifications = true
  notification_save_rule {
    template_name = "sql_template"
    language      = "en-us"
    user_name     = var.alarm_user_name
    topics {
      name      = huaweicloud_smn_topic.alarms.name
      topic_urn = huaweicloud_smn_topic.alarms.id
    }
  }
}

resource "huaweicloud_ces_alarmrule" "this" {
  for_each             = local.by_ces
  alarm_name           = "${local.name}-${each.key}"
  alarm_description    = "infra/watch/runbook.md, ${each.value.name}"
  alarm_enabled        = true
  alarm_action_enabled = true
  alarm_type           = each.value.namespace == "SYS.DMS" ? "ALL_INSTANCE" : "MULTI_INSTANCE"

  metric {
    namespace = each.value.namespace
  }

  dynamic "resources" {
    for_each = can(each.value.functions) ? local.watched_functions[each.value.functions] : local.watched[each.value.namespace]
    content {
      dynamic "dimensions" {
        for_each = resources.value
        content {
          name  = dimensions.value.name
          value = dimensions.value.value
        }
      }
    }
  }

  condition {
    metric_name         = each.value.metric
    period              = each.value.minutes * 60
    filter              = can(each.value.above) ? "max" : "sum"
    comparison_operator = can(each.value.above) ? ">" : "<"
    value               = can(each.value.above) ? each.value.above : each.value.below
    count               = each.value.times
    alarm_level         = 2
    # Again every hour while it lasts.
    suppress_duration = 3600
  }

  alarm_actions {
    type              = "notification"
    notification_list = [huaweicloud_smn_topic.alarms.id]
  }
}
