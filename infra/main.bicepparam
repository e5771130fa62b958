using 'main.bicep'

// azd compiles this file with the values of its environment: `azd env set VNET_ENABLED true`.
// A setting that is not named here keeps the default in main.bicep.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param principalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param principalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
param secretsWriteEnabled = bool(readEnvironmentVariable('SECRETS_WRITE_ENABLED', 'false'))

param instanceMemoryMB = json(readEnvironmentVariable('INSTANCE_MEMORY_MB', '2048'))
param maximumInstanceCount = int(readEnvironmentVariable('MAXIMUM_INSTANCE_COUNT', '40'))
param httpPerInstanceConcurrency = int(readEnvironmentVariable('HTTP_PER_INSTANCE_CONCURRENCY', '100'))
param alwaysReadyHttpInstances = int(readEnvironmentVariable('ALWAYS_READY_HTTP_INSTANCES', '1'))
param maxRequestBytes = int(readEnvironmentVariable('MAX_REQUEST_BYTES', '8388608'))
param requestsPerMinute = int(readEnvironmentVariable('REQUESTS_PER_MINUTE', '600'))
var callers = readEnvironmentVariable('ALLOWED_IP_RANGES', '')
param allowedIpRanges = filter(map(split(callers, ','), range => trim(range)), range => !empty(range))
param functionKeyRequired = bool(readEnvironmentVariable('FUNCTION_KEY_REQUIRED', 'false'))

param logDailyCapGB = int(readEnvironmentVariable('LOG_DAILY_CAP_GB', '5'))

var alertAddresses = readEnvironmentVariable('ALERT_EMAIL', '')
param alertEmails = filter(map(split(alertAddresses, ','), address => trim(address)), address => !empty(address))
param alertFirstAnswerMs = int(readEnvironmentVariable('ALERT_FIRST_ANSWER_MS', '1500'))
param alertBadTurnsPercent = int(readEnvironmentVariable('ALERT_BAD_TURNS_PERCENT', '5'))
param alertRefusedKeys = int(readEnvironmentVariable('ALERT_REFUSED_KEYS', '20'))
param alertNoTrafficHours = int(readEnvironmentVariable('ALERT_NO_TRAFFIC_HOURS', '0'))
param alertTrafficFromHour = int(readEnvironmentVariable('ALERT_TRAFFIC_FROM_HOUR', '0'))
param alertTrafficToHour = int(readEnvironmentVariable('ALERT_TRAFFIC_TO_HOUR', '0'))
param budgetAmount = int(readEnvironmentVariable('BUDGET_AMOUNT', '0'))
param budgetStart = readEnvironmentVariable('BUDGET_START', '')

param recoverVault = bool(readEnvironmentVariable('RECOVER_VAULT', 'false'))

param vnetEnabled = bool(readEnvironmentVariable('VNET_ENABLED', 'false'))
var allowedRanges = readEnvironmentVariable('VAULT_ALLOWED_IP_RANGES', '')
param vaultAllowedIpRanges = filter(map(split(allowedRanges, ','), range => trim(range)), range => !empty(range))

param transcriptsEnabled = bool(readEnvironmentVariable('TRANSCRIPTS_ENABLED', 'false'))
param transcriptsRetentionDays = int(readEnvironmentVariable('TRANSCRIPTS_RETENTION_DAYS', '30'))
param transcriptsRedact = readEnvironmentVariable('TRANSCRIPTS_REDACT', 'None')

param consoleEnabled = bool(readEnvironmentVariable('CONSOLE_ENABLED', 'false'))

param settingsBlobEnabled = bool(readEnvironmentVariable('SETTINGS_BLOB_ENABLED', 'false'))

param openAiEnabled = bool(readEnvironmentVariable('OPENAI_ENABLED', 'false'))
param openAiAgent = readEnvironmentVariable('OPENAI_AGENT', 'reception')
param openAiModelName = readEnvironmentVariable('OPENAI_MODEL_NAME', 'gpt-5.4-mini')
param openAiModelVersion = readEnvironmentVariable('OPENAI_MODEL_VERSION', '2026-03-17')
param openAiSkuName = readEnvironmentVariable('OPENAI_SKU_NAME', 'GlobalStandard')
param openAiCapacity = int(readEnvironmentVariable('OPENAI_CAPACITY', '50'))
param openAiMaxTokens = int(readEnvironmentVariable('OPENAI_MAX_TOKENS', '4096'))
