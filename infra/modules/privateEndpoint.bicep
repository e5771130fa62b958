metadata description = 'One private endpoint of one resource, and the DNS zone that makes its public name resolve to it.'

import { texts } from 'types.bicep'

@description('Name of the private endpoint.')
param name string

@description('Azure region.')
param location string

@description('Resource id of the resource to reach.')
param targetId string

@description('Part of the resource to reach, e.g. blob or vault.')
param groupId string

@description('Private DNS zone of that part, e.g. privatelink.vaultcore.azure.net.')
param dnsZoneName string

@description('Resource id of the virtual network that resolves the name.')
param networkId string

@description('Resource id of the subnet that the endpoint stands in.')
param subnetId string

@description('Name of the link between zone and network: a network is linked to a zone once, so endpoints that share a zone share its name.')
param linkName string = 'link-${name}'

@description('Tags of the resources.')
param tags texts

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: dnsZoneName
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: linkName
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: subnetId
    }
    privateLinkServiceConnections: [
      {
        name: groupId
        properties: {
          privateLinkServiceId: targetId
          groupIds: [groupId]
        }
      }
    ]
  }

  resource dns 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: groupId
          properties: {
            privateDnsZoneId: zone.id
          }
        }
      ]
    }
  }
}
