metadata description = 'An Azure OpenAI model that the function app asks with its identity: the account has no keys to leak.'

import { texts } from 'types.bicep'

@description('Name of the account; also its subdomain, which Entra ID authentication needs.')
@minLength(2)
@maxLength(64)
param name string

@description('Azure region.')
param location string

@description('Name of the deployment: what the upstream is asked for as `model`.')
param deploymentName string

@description('Name of the OpenAI model.')
param modelName string

@description('Version of the OpenAI model.')
param modelVersion string

@description('Deployment type, e.g. GlobalStandard or DataZoneStandard.')
param skuName string

@description('Rate limit, in thousands of tokens a minute.')
@minValue(1)
param capacity int

@description('Name of the identity that asks the model.')
param identityName string

@description('Whether only private endpoints may reach the account.')
param privateOnly bool

@description('Tags of the resource.')
param tags texts

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var cognitiveServicesOpenAiUser = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.CognitiveServices/accounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: {
    name: 'S0'
  }
  properties: {
    customSubDomainName: name
    disableLocalAuth: true
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateOnly ? 'Deny' : 'Allow'
    }
  }

  resource model 'deployments' = {
    name: deploymentName
    sku: {
      name: skuName
      capacity: capacity
    }
    properties: {
      model: {
        format: 'OpenAI'
        name: modelName
        version: modelVersion
      }
      versionUpgradeOption: 'OnceCurrentVersionExpired'
    }
  }
}

resource asking 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: account
  name: guid(account.id, identity.id, cognitiveServicesOpenAiUser)
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cognitiveServicesOpenAiUser)
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

@description('Resource id of the account.')
output id string = account.id
