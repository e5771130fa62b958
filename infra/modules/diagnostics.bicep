metadata description = 'What the platform itself records: the host log, who read which secret, who changed the deployment package, who read or changed transcripts.'

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Name of the function app.')
param functionAppName string

@description('Name of the vault.')
param vaultName string

@description('Name of the storage account of the Functions host.')
param storageAccountName string

@description('Name of the storage account of the transcripts; empty for none.')
param transcriptsAccountName string

@description('Name of the Azure OpenAI account; empty for none.')
param openAiName string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'
  }
}

resource transcripts 'Microsoft.Storage/storageAccounts@2025-06-01' existing = if (!empty(transcriptsAccountName)) {
  name: empty(transcriptsAccountName) ? storageAccountName : transcriptsAccountName

  resource tables 'tableServices' existing = {
    name: 'default'
  }
}

resource openAi 'Microsoft.CognitiveServices/accounts@2025-06-01' existing = if (!empty(openAiName)) {
  name: openAiName
}

// Metrics stay on the platform's own metric store, which needs no setting and costs nothing more.
resource appLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: app
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'FunctionAppLogs', enabled: true }]
  }
}

resource vaultLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: storage::blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

// Reads too: the rows are what callers said.
resource transcriptLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(transcriptsAccountName)) {
  scope: transcripts::tables
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

resource openAiLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (!empty(openAiName)) {
  scope: openAi
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}
