metadata description = 'The one identity that the function app acts as, towards every resource.'

import { texts } from 'types.bicep'

@description('Name of the user-assigned identity.')
param name string

@description('Azure region.')
param location string

@description('Tags of the resource.')
param tags texts

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id of the identity.')
output id string = identity.id

@description('Client id: what an application names the identity by.')
output clientId string = identity.properties.clientId
