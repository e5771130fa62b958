metadata description = 'The private endpoints of everything that the function app reaches inside the virtual network.'

import { texts } from 'types.bicep'

@description('End of the name of every endpoint.')
param nameSuffix string

@description('Azure region.')
param location string

@description('Resource id of the virtual network.')
param networkId string

@description('Resource id of the subnet that the endpoints stand in.')
param subnetId string

@description('Resource id of the storage account.')
param storageId string

@description('Resource id of the storage account of the transcripts; read only with withTranscripts.')
param transcriptsId string

@description('Whether there is a storage account of the transcripts.')
param withTranscripts bool

@description('Resource id of the vault.')
param vaultId string

@description('Resource id of the Azure OpenAI account; read only with withOpenAi.')
param openAiId string

@description('Whether there is an Azure OpenAI account.')
param withOpenAi bool

@description('Tags of the resources.')
param tags texts

// The host keeps blobs and tables in the one account; each has a name, and so a zone, of its own.
module blob 'privateEndpoint.bicep' = {
  params: {
    name: 'pe-blob-${nameSuffix}'
    location: location
    targetId: storageId
    groupId: 'blob'
    dnsZoneName: 'privatelink.blob.${environment().suffixes.storage}'
    networkId: networkId
    subnetId: subnetId
    tags: tags
  }
}

module table 'privateEndpoint.bicep' = {
  params: {
    name: 'pe-table-${nameSuffix}'
    location: location
    targetId: storageId
    groupId: 'table'
    dnsZoneName: 'privatelink.table.${environment().suffixes.storage}'
    networkId: networkId
    subnetId: subnetId
    tags: tags
  }
}

module transcripts 'privateEndpoint.bicep' = if (withTranscripts) {
  params: {
    name: 'pe-transcripts-${nameSuffix}'
    location: location
    targetId: transcriptsId
    groupId: 'table'
    dnsZoneName: 'privatelink.table.${environment().suffixes.storage}'
    networkId: networkId
    subnetId: subnetId
    linkName: 'link-pe-table-${nameSuffix}'
    tags: tags
  }
  // The same zone, which cannot be written twice at once.
  dependsOn: [table]
}

module vault 'privateEndpoint.bicep' = {
  params: {
    name: 'pe-vault-${nameSuffix}'
    location: location
    targetId: vaultId
    groupId: 'vault'
    dnsZoneName: 'privatelink.vaultcore.azure.net'
    networkId: networkId
    subnetId: subnetId
    tags: tags
  }
}

module openAi 'privateEndpoint.bicep' = if (withOpenAi) {
  params: {
    name: 'pe-openai-${nameSuffix}'
    location: location
    targetId: openAiId
    groupId: 'account'
    dnsZoneName: 'privatelink.openai.azure.com'
    networkId: networkId
    subnetId: subnetId
    tags: tags
  }
}
