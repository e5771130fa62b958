metadata description = 'The Flex Consumption plan and the function app on it.'

import { texts } from 'types.bicep'

@description('Name of the plan.')
param planName string

@description('Name of the function app.')
param name string

@description('Azure region.')
param location string

@description('Memory of one instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Most instances that the app may scale out to.')
param maximumInstanceCount int

@description('Turns that one instance answers at once before another instance is added.')
param httpPerInstanceConcurrency int

@description('Instances that are kept running for HTTP; 0 scales to zero.')
param alwaysReadyHttpInstances int

@description('IPv4 addresses or CIDR ranges that may call the app; empty lets anybody.')
param allowedIpRanges string[]

@description('Resource id of the user-assigned identity.')
param identityId string

@description('Address of the blob container that holds the deployment package.')
param deploymentContainerUrl string

@description('App settings, by name.')
param settings texts

@description('Resource id of the subnet that the app reaches out through; null for none.')
param subnetId string?

@description('Tags of the resources.')
param tags texts

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    virtualNetworkSubnetId: subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttpInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyHttpInstances
              }
            ]
        triggers: {
          http: {
            perInstanceConcurrency: httpPerInstanceConcurrency
          }
        }
      }
    }
    siteConfig: {
      ftpsState: 'Disabled'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      // Of the app alone: what deploys signs in with Entra ID, and comes from elsewhere.
      ipSecurityRestrictionsDefaultAction: empty(allowedIpRanges) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (range, index) in allowedIpRanges: {
          name: 'caller-${index}'
          action: 'Allow'
          priority: 100 + index
          ipAddress: contains(range, '/') ? range : '${range}/32'
        }
      ]
      appSettings: [for setting in items(settings): { name: setting.key, value: setting.value }]
    }
  }

  // Deployments sign in with Entra ID; the user names and passwords of the publish profile stay off.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }
}

@description('Host name that calls arrive at.')
output hostName string = app.properties.defaultHostName
