metadata description = 'Who may do what: every role is given on one resource, never on the group or the subscription.'

@description('Name of the identity of the function app.')
param identityName string

@description('Name of the storage account of the Functions host.')
param storageAccountName string

@description('Name of the container that holds switchboard.json; empty when none is read.')
param settingsContainerName string

@description('Name of the storage account of the transcripts; empty when none are kept.')
param transcriptsAccountName string

@description('Name of the vault.')
param vaultName string

@description('Name of the secret that holds the API key.')
param secretName string

@description('Name of the secret that holds the key for the transcripts; empty when none are kept.')
param operatorSecretName string

@description('Name of the secret that holds the token of callbacks.')
param callbackSecretName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Principal id of whoever may read the API key; empty gives nobody the right.')
param keyReaderPrincipalId string

@description('Kind of principal that keyReaderPrincipalId names.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param keyReaderPrincipalType string

@description('Whether they may write all secrets of the vault, too.')
param keyReaderWritesSecrets bool

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roleIds = {
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  storageBlobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageBlobDataReader: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

// Assignments are named by the identity's id: its principal id is not known before it exists, which would blind what-if.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource settings 'containers' existing = if (!empty(settingsContainerName)) {
      name: empty(settingsContainerName) ? 'none' : settingsContainerName
    }
  }
}

resource transcripts 'Microsoft.Storage/storageAccounts@2025-06-01' existing = if (!empty(transcriptsAccountName)) {
  name: empty(transcriptsAccountName) ? storageAccountName : transcriptsAccountName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName

  resource secret 'secrets' existing = {
    name: secretName
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

// The least that the Functions host documents for AzureWebJobsStorage without a key; it also covers the deployment package.
resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, roleIds.storageBlobDataOwner)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageBlobDataOwner)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// The host writes its diagnostic events to a table (AZFD0003 without it). No queue: nothing here is triggered by one.
resource hostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: storage
  name: guid(storage.id, identity.id, roleIds.storageTableDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageTableDataContributor
    )
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Said apart from what the host needs of the account: the settings are only read, wherever they are.
resource settingsReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(settingsContainerName)) {
  scope: storage::blobs::settings
  name: guid(storage::blobs::settings.id, identity.id, roleIds.storageBlobDataReader)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageBlobDataReader)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Whoever deploys changes prompts: an owner of the subscription may not write to a blob for that alone.
resource settingsWriter 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(settingsContainerName) && !empty(keyReaderPrincipalId)) {
  scope: storage::blobs::settings
  name: guid(storage::blobs::settings.id, keyReaderPrincipalId, roleIds.storageBlobDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageBlobDataContributor
    )
    principalId: keyReaderPrincipalId
    principalType: keyReaderPrincipalType
  }
}

resource transcriptTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(transcriptsAccountName)) {
  scope: transcripts
  name: guid(transcripts.id, identity.id, roleIds.storageTableDataContributor)
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.storageTableDataContributor
    )
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// On the vault, not on one secret: keys of upstreams (ApiKeySecret, and Secret of a header) live beside the API key.
resource appSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, roleIds.keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource appTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: applicationInsights
  name: guid(applicationInsights.id, identity.id, roleIds.monitoringMetricsPublisher)
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roleIds.monitoringMetricsPublisher
    )
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource keyReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(keyReaderPrincipalId)) {
  scope: vault::secret
  name: guid(vault::secret.id, keyReaderPrincipalId, roleIds.keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
    principalId: keyReaderPrincipalId
    principalType: keyReaderPrincipalType
  }
}

// On the vault: the secret of an upstream's key is not there yet. Off unless somebody asks for it, since it reads every key as well.
resource secretsWriter 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (keyReaderWritesSecrets && !empty(keyReaderPrincipalId)) {
  scope: vault
  name: guid(vault.id, keyReaderPrincipalId, roleIds.keyVaultSecretsOfficer)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsOfficer)
    principalId: keyReaderPrincipalId
    principalType: keyReaderPrincipalType
  }
}

resource callbackSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = {
  parent: vault
  name: callbackSecretName
}

// Whoever deploys pastes it into IMS.
resource callbackTokenReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(keyReaderPrincipalId)) {
  scope: callbackSecret
  name: guid(callbackSecret.id, keyReaderPrincipalId, roleIds.keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
    principalId: keyReaderPrincipalId
    principalType: keyReaderPrincipalType
  }
}

resource operatorSecret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = if (!empty(operatorSecretName)) {
  parent: vault
  name: empty(operatorSecretName) ? secretName : operatorSecretName
}

// Whoever deploys may read the transcripts' key too: it is given to people, and nothing else would let them have it.
resource operatorKeyReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(keyReaderPrincipalId) && !empty(operatorSecretName)) {
  scope: operatorSecret
  name: guid(operatorSecret.id, keyReaderPrincipalId, roleIds.keyVaultSecretsUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
    principalId: keyReaderPrincipalId
    principalType: keyReaderPrincipalType
  }
}
