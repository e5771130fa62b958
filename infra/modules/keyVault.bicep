metadata description = 'The vault that holds API keys: access by role only, and nothing in it can be purged.'

import { texts } from 'types.bicep'

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Whether to take back the vault of this name that an earlier `azd down` left soft-deleted.')
param recover bool

@description('Days that a deleted vault or secret can be recovered. Cannot be changed once the vault exists.')
@minValue(7)
@maxValue(90)
param softDeleteRetentionInDays int

@description('Whether the vault is closed to the internet, but for the ranges in allowedIpRanges.')
param privateOnly bool

@description('IPv4 addresses or CIDR ranges that may reach a vault that is closed to the internet.')
param allowedIpRanges string[]

@description('Tags of the resource.')
param tags texts

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    createMode: recover ? 'recover' : 'default'
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: softDeleteRetentionInDays
    publicNetworkAccess: privateOnly && empty(allowedIpRanges) ? 'Disabled' : 'Enabled'
    networkAcls: {
      // Azure Resource Manager writes the generated key from outside the virtual network.
      bypass: 'AzureServices'
      defaultAction: privateOnly ? 'Deny' : 'Allow'
      ipRules: [for range in allowedIpRanges: { value: range }]
    }
  }
}

@description('Resource id of the vault.')
output id string = vault.id

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
