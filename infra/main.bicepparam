using 'main.bicep'

// azd compiles this file with the values of its environment: `azd env set VNET_ENABLED true`.
// A setting that is not named here keeps the default in main.bicep.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param principalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param principalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')

param instanceMemoryMB = json(readEnvironmentVariable('INSTANCE_MEMORY_MB', '2048'))
param maximumInstanceCount = int(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', '40'))
param httpPerInstanceConcurrency = int(readEnvironmentVariable('HTTP_PER_INSTANCE_CONCURRENCY', '100'))
param alwaysReadyHttpInstances = int(readEnvironmentVariable('ALWAYS_READY_HTTP_INSTANCES', '1'))

param maxRequestBytes = int(readEnvironmentVariable('MAX_REQUEST_BYTES', '8388608'))
param requestsPerMinute = int(readEnvironmentVariable('REQUESTS_PER_MINUTE', '600'))
var callers = readEnvironmentVariable('ALLOWED_IP_RANGES', '')
param allowedIpRanges = empty(callers) ? [] : split(callers, ',')
param functionKeyRequired = bool(readEnvironmentVariable('FUNCTION_KEY_REQUIRED', 'false'))

param logDailyCapGB = int(readEnvironmentVariable('LOG_DAILY_CAP_GB', '5'))

param recoverVault = bool(readEnvironmentVariable('RECOVER_VAULT', 'false'))

param vnetEnabled = bool(readEnvironmentVariable('VNET_ENABLED', 'false'))
var allowedRanges = readEnvironmentVariable('VAULT_ALLOWED_IP_RANGES', '')
param vaultAllowedIpRanges = empty(allowedRanges) ? [] : split(allowedRanges, ',')

param transcriptsEnabled = bool(readEnvironmentVariable('TRANSCRIPTS_ENABLED', 'false'))
param transcriptsRetentionDays = int(readEnvironmentVariable('TRANSCRIPTS_RETENTION_DAYS', '30'))
param transcriptsRedact = bool(readEnvironmentVariable('TRANSCRIPTS_REDACT', 'false'))

param consoleEnabled = bool(readEnvironmentVariable('CONSOLE_ENABLED', 'false'))

param openAiEnabled = bool(readEnvironmentVariable('OPENAI_ENABLED', 'false'))
param openAiModelName = readEnvironmentVariable('OPENAI_MODEL_NAME', 'gpt-5.4-mini')
param openAiModelVersion = readEnvironmentVariable('OPENAI_MODEL_VERSION', '2026-03-17')
param openAiSkuName = readEnvironmentVariable('OPENAI_SKU_NAME', 'GlobalStandard')
param openAiCapacity = int(readEnvironmentVariable('OPENAI_CAPACITY', '50'))
param openAiMaxTokens = int(readEnvironmentVariable('OPENAI_MAX_TOKENS', '4096'))
