metadata description = 'A storage account that takes no key: one for the Functions host (deployment package, host state, diagnostic events), one for the transcripts, where they are kept.'

import { texts } from 'types.bicep'

@description('Name of the storage account.')
@minLength(3)
@maxLength(24)
param name string

@description('Name of the blob container that holds the deployment package; empty for none.')
param deploymentContainerName string

@description('Name of the blob container that holds switchboard.json; empty for none.')
param settingsContainerName string

@description('Azure region.')
param location string

@description('Whether only private endpoints may reach the account.')
param privateOnly bool

@description('Tags of the resource.')
param tags texts

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateOnly ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource deployments 'containers' = if (!empty(deploymentContainerName)) {
      name: empty(deploymentContainerName) ? 'none' : deploymentContainerName
      properties: {
        publicAccess: 'None'
      }
    }

    resource settings 'containers' = if (!empty(settingsContainerName)) {
      name: empty(settingsContainerName) ? 'none' : settingsContainerName
      properties: {
        publicAccess: 'None'
      }
    }
  }
}

@description('Address of the blob container that holds the deployment package.')
output deploymentContainerUrl string = '${account.properties.primaryEndpoints.blob}${deploymentContainerName}'

@description('Address of the blob service.')
output blobServiceUri string = account.properties.primaryEndpoints.blob

@description('Address of the table service.')
output tableServiceUri string = account.properties.primaryEndpoints.table

@description('Resource id of the account.')
output id string = account.id
