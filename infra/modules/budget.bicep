metadata description = 'Writes before the month is dear: at 80 % and 100 % of an amount, and when all of it is foreseen. It stops nothing.'

@description('Name of the budget.')
param name string

@description('What the resource group may cost in a month, in the currency that the subscription is billed in.')
param amount int

@description('E-mail addresses that are written to.')
@minLength(1)
param emails string[]

@description('First day of the month in which the budget begins, such as 2026-11-01.')
param startDate string

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      spent80: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: emails
      }
      spent100: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Actual'
        contactEmails: emails
      }
      foreseen100: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
      }
    }
  }
}
