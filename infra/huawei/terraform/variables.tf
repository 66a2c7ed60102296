variable "stage" {
  type        = string
  description = "Name of the stage; everything is called yipan-<stage>."
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,19}$", var.stage))
    error_message = "A stage is lower-case letters, digits and hyphens, 20 at most."
  }
}

variable "region" {
  type        = string
  description = "Region, as cn-north-4."
}

variable "project_id" {
  type        = string
  description = "Id of the region's project, for the functions' URNs."
}

variable "availability_zones" {
  type        = list(string)
  description = "Three zones: Kafka's brokers are one in each, Redis is in the first two."
  validation {
    condition     = length(var.availability_zones) == 3
    error_message = "Name three zones."
  }
}

variable "store_endpoint" {
  type        = string
  description = "Address of GeminiDB's DynamoDB API, as http://192.168.0.10:8000. The provider cannot make it: README.md, checklist."
}

variable "kafka_password" {
  type        = string
  sensitive   = true
  description = "Of the user yipan. It gets into Terraform's state: keep that encrypted, in OBS."
}

variable "redis_password" {
  type        = string
  sensitive   = true
  description = "Of Redis. It gets into Terraform's state."
}

variable "kafka_flavor_id" {
  type        = string
  default     = "c6.2u4g.cluster"
  description = "The smallest cluster: three brokers take some 100 MB/s, where 1000 orders a second are 1 MB/s."
}

variable "redis_flavor" {
  type        = string
  default     = "redis.ha.xu1.tiny.r2.512"
  description = "Half a GB, a primary and a standby: the pool holds SKUs that moved since the last minute, some 100 bytes each."
}

variable "redis_capacity_gb" {
  type        = number
  default     = 0.5
  description = "As the flavor has it."
}

variable "alarm_email" {
  type        = string
  description = "Is told of alarms and of calls that failed for good; has to confirm a mail first."
}

variable "alarm_user_name" {
  type        = string
  description = "IAM user in whose name LTS sends alarms."
}

variable "log_days" {
  type        = number
  default     = 60
  description = "How long logs are kept: longer than the oldest order that people ask about by its log."
}

variable "function_agency_domain" {
  type        = string
  default     = "op_svc_cff"
  description = "Account of FunctionGraph itself, which the agency is given to."
}

variable "function_agency_roles" {
  type        = list(string)
  default     = ["VPC Administrator", "SMN Administrator", "LTS Administrator", "DMS Administrator"]
  description = "What FunctionGraph does for the functions: enter the network, tell of failures, write logs, read Kafka."
}
