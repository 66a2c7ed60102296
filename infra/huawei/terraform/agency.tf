# With this agency FunctionGraph itself acts (`xrole`): the functions' code gets no keys of it, and uses none.
resource "huaweicloud_identity_agency" "functions" {
  name                  = "${local.name}-functions"
  description           = "FunctionGraph for yipan ${var.stage}"
  delegated_domain_name = var.function_agency_domain

  project_role {
    project = var.region
    roles   = var.function_agency_roles
  }
}
