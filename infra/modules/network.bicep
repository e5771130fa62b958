metadata description = 'A virtual network with one subnet for the function app and one for private endpoints.'

import { texts } from 'types.bicep'

@description('Name of the virtual network.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags texts

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: ['10.0.0.0/16']
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.1.0/24'
          // What Flex Consumption asks for: an app's subnet is delegated, and its name has no underscore.
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: '10.0.2.0/27'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'private-endpoints'
  }
}

@description('Resource id of the virtual network.')
output id string = network.id

@description('Resource id of the subnet of the function app.')
output appSubnetId string = network::app.id

@description('Resource id of the subnet of private endpoints.')
output endpointSubnetId string = network::endpoints.id
