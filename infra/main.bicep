metadata description = 'Everything that Switchboard needs on Azure. `azd up` deploys it; docs/operations.md explains it.'

targetScope = 'subscription'

@description('Name of the azd environment; every resource name is derived from it.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Azure region. It must offer Flex Consumption: `az functionapp list-flexconsumption-locations`.')
@minLength(1)
param location string

@description('Principal id of whoever may read the API key from the vault; empty gives nobody the right.')
param principalId string = ''

@description('Kind of principal that principalId names.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('Lets whoever principalId names write the secrets of the vault as well: the keys of upstreams, and new versions of the API keys. All of them can then be read, too.')
param secretsWriteEnabled bool = false

@description('Memory of one instance, in MB. The price of an instance that is kept ready grows with it.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Most instances that the app may scale out to: the ceiling of the bill and of the load on upstreams.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Turns that one instance answers at once before another is added. Keep it below Limits:MaxConcurrentTurns (200), or instances refuse turns with 429 instead of scaling out.')
@minValue(1)
@maxValue(1000)
param httpPerInstanceConcurrency int = 100

@description('Instances that are kept running, so that no caller waits for a cold start; 0 scales to zero.')
@minValue(0)
@maxValue(1000)
param alwaysReadyHttpInstances int = 1

@description('Largest body of a request, in bytes. The host refuses what is larger by a quarter MiB before it reads it; in between the app answers 413.')
@minValue(1024)
@maxValue(16777216)
param maxRequestBytes int = 8388608

@description('Requests a minute that one API key may make of one instance; 0 for no limit. Far above what people on the phone need, far below what a leaked key would be used for.')
@minValue(0)
@maxValue(100000)
param requestsPerMinute int = 600

@description('IPv4 addresses or CIDR ranges that may call the app: those of the platform, of operators and of probes. Empty lets anybody call, who then needs a key.')
param allowedIpRanges string[] = []

@description('Has the Functions host demand its own key (`code`) as well, on all routes but those of health, before it reads a request.')
param functionKeyRequired bool = false

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int = 30

@description('GB that the workspace takes a day, so that a flood of requests is no flood of cost; then it takes none until the next day, and alerts are blind. -1 for no cap.')
@minValue(-1)
param logDailyCapGB int = 5

@description('E-mail addresses that are written to when something is wrong. Empty: no alerts and no budget.')
param alertEmails string[] = []

@description('With alertEmails: milliseconds that the 95th percentile of first answers may take.')
@minValue(100)
param alertFirstAnswerMs int = 1500

@description('With alertEmails: percent of the turns that may fail or be apologised for.')
@minValue(0)
@maxValue(99)
param alertBadTurnsPercent int = 5

@description('With alertEmails: requests with a key that is not accepted, in a quarter of an hour, above which somebody is told.')
@minValue(0)
param alertRefusedKeys int = 20

@description('With alertEmails: hours without a turn after which somebody is told; 0 for never.')
@minValue(0)
@maxValue(6)
param alertNoTrafficHours int = 0

@description('With alertNoTrafficHours: first hour of the day, by UTC, in which turns are expected.')
@minValue(0)
@maxValue(23)
param alertTrafficFromHour int = 0

@description('With alertNoTrafficHours: hour of the day, by UTC, from which on none are expected; the same as the first one for all day.')
@minValue(0)
@maxValue(23)
param alertTrafficToHour int = 0

@description('With alertEmails: what everything may cost in a month, in the currency that the subscription is billed in; 0 for no budget.')
@minValue(0)
param budgetAmount int = 0

@description('With budgetAmount: the first day of the month in which the budget is first deployed, such as 2026-11-01. It can never be changed: another month needs the budget deleted.')
param budgetStart string = ''

@description('Days that a deleted vault or key can be recovered. Cannot be changed once the vault exists.')
@minValue(7)
@maxValue(90)
param softDeleteRetentionInDays int = 90

@description('Set to true for one deployment to take back the vault that an earlier `azd down` left soft-deleted, with its keys.')
param recoverVault bool = false

@description('Puts storage, vault and Azure OpenAI behind private endpoints and lets the app reach them through a virtual network. The endpoint itself stays public: the platform calls it.')
param vnetEnabled bool = false

@description('With vnetEnabled: IPv4 addresses or CIDR ranges from which the vault can still be reached, to read or rotate keys. Empty closes it to the internet.')
param vaultAllowedIpRanges string[] = []

@description('Keeps what is said on every turn in tables of a storage account of their own. Off unless somebody decides it: callers\' words are personal data.')
param transcriptsEnabled bool = false

@description('With transcriptsEnabled: days that a call is kept; 0 for ever.')
@minValue(0)
@maxValue(3650)
param transcriptsRetentionDays int = 30

@description('With transcriptsEnabled: what is left out of what was said: nothing, numbers and addresses of persons, or all words. true is All, false is None.')
@allowed(['None', 'Numbers', 'All', 'true', 'false'])
param transcriptsRedact string = 'None'

@description('Serves the console, the page on which people talk to a model and read stored calls. What it asks for needs the same keys as ever.')
param consoleEnabled bool = false

@description('Has the app read switchboard.json, and the texts that it names, from a blob container, where they can be changed while calls run.')
param settingsBlobEnabled bool = false

@description('Deploys an Azure OpenAI model and has an agent of switchboard.json answer with it. Otherwise everything is as that file has it.')
param openAiEnabled bool = false

@description('With openAiEnabled: id of the model in switchboard.json that answers with it.')
@minLength(1)
param openAiAgent string = 'reception'

@description('With openAiEnabled: name of the OpenAI model.')
param openAiModelName string = 'gpt-5.4-mini'

@description('With openAiEnabled: version of the OpenAI model.')
param openAiModelVersion string = '2026-03-17'

@description('With openAiEnabled: deployment type, e.g. GlobalStandard or DataZoneStandard.')
param openAiSkuName string = 'GlobalStandard'

@description('With openAiEnabled: rate limit, in thousands of tokens a minute.')
@minValue(1)
param openAiCapacity int = 50

@description('With openAiEnabled: the most tokens that one answer may take, reasoning included, whatever a request asks for.')
@minValue(1)
param openAiMaxTokens int = 4096

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var secretName = 'chat-completions-api-key'
var operatorSecretName = 'operator-api-key'
var settingsContainerName = 'settings'
var callbackSecretName = 'ims-callback-token'
var names = {
  actionGroup: 'ag-${token}'
  alertRulePrefix: 'alert-${token}-'
  budget: 'budget-${token}'
  applicationInsights: 'appi-${token}'
  functionApp: 'func-api-${token}'
  identity: 'id-api-${token}'
  network: 'vnet-${token}'
  openAi: 'oai-${token}'
  plan: 'plan-${token}'
  storage: 'st${token}'
  transcripts: 'sttr${token}'
  vault: 'kv-${token}'
  workspace: 'log-${token}'
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    applicationInsightsName: names.applicationInsights
    location: location
    retentionInDays: logRetentionInDays
    dailyCapGB: logDailyCapGB
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.storage
    deploymentContainerName: 'deployments'
    settingsContainerName: settingsBlobEnabled ? settingsContainerName : ''
    location: location
    privateOnly: vnetEnabled
    tags: tags
  }
}

// Apart from the host's account: who may change the deployment package, or read the host's state, does not thereby read callers' words.
module transcripts 'modules/storage.bicep' = if (transcriptsEnabled) {
  scope: group
  params: {
    name: names.transcripts
    deploymentContainerName: ''
    settingsContainerName: ''
    location: location
    privateOnly: vnetEnabled
    tags: tags
  }
}

module vault 'modules/keyVault.bicep' = {
  scope: group
  params: {
    name: names.vault
    location: location
    recover: recoverVault
    softDeleteRetentionInDays: softDeleteRetentionInDays
    privateOnly: vnetEnabled
    allowedIpRanges: vaultAllowedIpRanges
    tags: tags
  }
}

module apiKey 'modules/apiKey.bicep' = {
  scope: group
  params: {
    vaultName: names.vault
    secretName: secretName
  }
  dependsOn: [vault]
}

module operatorKey 'modules/apiKey.bicep' = if (transcriptsEnabled) {
  scope: group
  params: {
    vaultName: names.vault
    secretName: operatorSecretName
  }
  dependsOn: [vault]
}

module callbackToken 'modules/apiKey.bicep' = {
  scope: group
  params: {
    vaultName: names.vault
    secretName: callbackSecretName
  }
  dependsOn: [vault]
}

module roles 'modules/roles.bicep' = {
  scope: group
  params: {
    identityName: names.identity
    storageAccountName: names.storage
    settingsContainerName: settingsBlobEnabled ? settingsContainerName : ''
    transcriptsAccountName: transcriptsEnabled ? names.transcripts : ''
    vaultName: names.vault
    secretName: secretName
    operatorSecretName: transcriptsEnabled ? operatorSecretName : ''
    callbackSecretName: callbackSecretName
    applicationInsightsName: names.applicationInsights
    keyReaderPrincipalId: principalId
    keyReaderPrincipalType: principalType
    keyReaderWritesSecrets: secretsWriteEnabled
  }
  dependsOn: [identity, storage, transcripts, apiKey, operatorKey, callbackToken, monitoring]
}

module openAi 'modules/openAi.bicep' = if (openAiEnabled) {
  scope: group
  params: {
    name: names.openAi
    location: location
    deploymentName: openAiModelName
    modelName: openAiModelName
    modelVersion: openAiModelVersion
    skuName: openAiSkuName
    capacity: openAiCapacity
    identityName: names.identity
    privateOnly: vnetEnabled
    tags: tags
  }
  dependsOn: [identity]
}

module network 'modules/network.bicep' = if (vnetEnabled) {
  scope: group
  params: {
    name: names.network
    location: location
    tags: tags
  }
}

module privateEndpoints 'modules/privateEndpoints.bicep' = if (vnetEnabled) {
  scope: group
  params: {
    nameSuffix: token
    location: location
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    storageId: storage.outputs.id
    transcriptsId: transcriptsEnabled ? transcripts!.outputs.id : ''
    withTranscripts: transcriptsEnabled
    vaultId: vault.outputs.id
    openAiId: openAiEnabled ? openAi!.outputs.id : ''
    withOpenAi: openAiEnabled
    tags: tags
  }
}

// Whatever is not named here stays as switchboard.json has it, which is published with the app: an app setting wins over the file, and a model is named by
// its id, wherever it stands there. So the agent keeps its prompt, its apology and its hang-up.
// Names of app settings have no hyphens and no dots on Linux; an underscore stands for either.
var agent = 'Models__${replace(replace(openAiAgent, '-', '_'), '.', '_')}__'
var modelSettings = openAiEnabled
  ? {
      // Voice platforms send text; pictures and recordings are what somebody with a leaked key would send.
      '${agent}Accept__Audio': 'false'
      '${agent}Accept__Images': 'false'
      '${agent}Accept__MaxTokens': string(openAiMaxTokens)
      '${agent}Responder': 'upstream'
      '${agent}Upstreams__0__BaseUrl': 'https://${names.openAi}.openai.azure.com/openai/v1'
      // In the place of a key that the file names for its upstream 0, which is another service's.
      '${agent}Upstreams__0__Credential': 'entra'
      '${agent}Upstreams__0__Model': openAiModelName
    }
  : {}

var blobSettings = settingsBlobEnabled
  ? { Settings__BlobUri: '${storage.outputs.blobServiceUri}${settingsContainerName}' }
  : {}

var transcriptSettings = transcriptsEnabled
  ? {
      Access__KeyVault__OperatorSecretName: operatorSecretName
      Transcripts__Redact: transcriptsRedact
      Transcripts__RetentionDays: string(transcriptsRetentionDays)
      Transcripts__TableServiceUri: transcripts!.outputs.tableServiceUri
    }
  : {}

var consoleSettings = consoleEnabled ? { Console__Enabled: 'true' } : {}

var functionKeySettings = functionKeyRequired ? { Access__RequireFunctionKey: 'true' } : {}

// The host reads and parses a whole body before the app sees the request and can ask for a key; without this it would take 100 MB. Above the app's own
// limit, so that a body which is only a little too large gets the app's 413, and not the host's 500.
var hostRequestBytes = maxRequestBytes + 262144

module functionApp 'modules/functionApp.bicep' = {
  scope: group
  params: {
    planName: names.plan
    name: names.functionApp
    location: location
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    httpPerInstanceConcurrency: httpPerInstanceConcurrency
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    allowedIpRanges: allowedIpRanges
    identityId: identity.outputs.id
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    subnetId: vnetEnabled ? network!.outputs.appSubnetId : null
    settings: union(modelSettings, blobSettings, transcriptSettings, consoleSettings, functionKeySettings, {
      Access__KeyVault__CallbackSecretName: callbackSecretName
      Access__KeyVault__SecretName: secretName
      Access__KeyVault__Uri: vault.outputs.uri
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identity.outputs.clientId}'
      APPLICATIONINSIGHTS_CONNECTION_STRING: monitoring.outputs.connectionString
      AZURE_CLIENT_ID: identity.outputs.clientId
      // GET / would be the host's page about itself.
      AzureWebJobsDisableHomepage: 'true'
      AzureWebJobsStorage__accountName: names.storage
      AzureWebJobsStorage__clientId: identity.outputs.clientId
      AzureWebJobsStorage__credential: 'managedidentity'
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: string(hostRequestBytes)
      Limits__MaxRequestBytes: string(maxRequestBytes)
      Limits__RequestsPerMinute: string(requestsPerMinute)
    })
    tags: tags
  }
  // An app that starts before it may read its storage and its keys fails its first minutes.
  dependsOn: [roles, privateEndpoints]
}

module diagnostics 'modules/diagnostics.bicep' = {
  scope: group
  params: {
    workspaceId: monitoring.outputs.workspaceId
    functionAppName: names.functionApp
    vaultName: names.vault
    storageAccountName: names.storage
    transcriptsAccountName: transcriptsEnabled ? names.transcripts : ''
    openAiName: openAiEnabled ? names.openAi : ''
  }
  dependsOn: [functionApp, openAi, storage, transcripts, vault]
}

module alerts 'modules/alerts.bicep' = if (!empty(alertEmails)) {
  scope: group
  params: {
    actionGroupName: names.actionGroup
    ruleNamePrefix: names.alertRulePrefix
    emails: alertEmails
    location: location
    workspaceId: monitoring.outputs.workspaceId
    firstAnswerMs: alertFirstAnswerMs
    badTurnsPercent: alertBadTurnsPercent
    refusedKeys: alertRefusedKeys
    noTrafficHours: alertNoTrafficHours
    trafficFromHour: alertTrafficFromHour
    trafficToHour: alertTrafficToHour
    tags: tags
  }
}

module budget 'modules/budget.bicep' = if (!empty(alertEmails) && budgetAmount > 0) {
  scope: group
  params: {
    name: names.budget
    amount: budgetAmount
    emails: alertEmails
    startDate: budgetAmount > 0 && empty(budgetStart)
      ? fail('BUDGET_AMOUNT needs BUDGET_START, the first day of this month: azd env set BUDGET_START "$(date -u +%Y-%m-01)"')
      : budgetStart
  }
}

@description('Where everything is: `az` and `azd` look here.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Region of everything.')
output AZURE_LOCATION string = location

@description('Name of the function app.')
output SERVICE_API_NAME string = names.functionApp

@description('Name of the vault that holds the API keys.')
output AZURE_KEY_VAULT_NAME string = names.vault

@description('The base URL to paste into the voice platform, which appends /chat/completions.')
output SWITCHBOARD_BASE_URL string = 'https://${functionApp.outputs.hostName}/v1'

@description('The command that reads the API key. The key itself is in no output: outputs stay in the deployment history.')
output SWITCHBOARD_READ_KEY_COMMAND string = 'az keyvault secret show --vault-name ${names.vault} --name ${secretName} --query value --output tsv'

@description('The callback URL to paste into IMS, where callbacks of the agent are configured.')
output SWITCHBOARD_CALLBACK_URL string = 'https://${functionApp.outputs.hostName}/ims/events'

@description('The command that reads the token to paste beside it.')
output SWITCHBOARD_READ_CALLBACK_TOKEN_COMMAND string = 'az keyvault secret show --vault-name ${names.vault} --name ${callbackSecretName} --query value --output tsv'

@description('The command that reads the function key to send as `code`; empty where the host demands none.')
output SWITCHBOARD_READ_FUNCTION_KEY_COMMAND string = functionKeyRequired
  ? 'az functionapp keys list --resource-group ${group.name} --name ${names.functionApp} --query functionKeys.default --output tsv'
  : ''

@description('The command that reads the key that opens the transcripts; empty without them.')
output SWITCHBOARD_READ_OPERATOR_KEY_COMMAND string = transcriptsEnabled
  ? 'az keyvault secret show --vault-name ${names.vault} --name ${operatorSecretName} --query value --output tsv'
  : ''

@description('The storage account whose container `settings` the app reads switchboard.json from; empty where it reads only what was published with it.')
output SWITCHBOARD_SETTINGS_ACCOUNT string = settingsBlobEnabled ? names.storage : ''
