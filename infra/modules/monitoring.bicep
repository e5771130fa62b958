metadata description = 'Where logs, traces and metrics go. Neither resource accepts a key: only Entra ID tokens.'

import { texts } from 'types.bicep'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Azure region.')
param location string

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param retentionInDays int

@description('GB that the workspace takes a day; -1 for no cap.')
param dailyCapGB int

@description('Tags of the resources.')
param tags texts

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionInDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGB
    }
    features: {
      disableLocalAuth: true
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Connection string of Application Insights. It names the endpoint; with local authentication off it opens nothing.')
output connectionString string = applicationInsights.properties.ConnectionString
