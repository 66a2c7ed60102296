# What stands beside the functions on Huawei Cloud. The functions themselves, their triggers included, are deployed by
# `npm run deploy:huawei` from the file that the output `stage_file` gives.
terraform {
  required_version = ">= 1.5.0"
  required_providers {
    huaweicloud = {
      source  = "huaweicloud/huaweicloud"
      version = "~> 1.97.1"
    }
  }
}

# Keys come from HW_ACCESS_KEY and HW_SECRET_KEY.
provider "huaweicloud" {
  region = var.region
}
