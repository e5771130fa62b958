metadata description = 'Who is written to, and of what: queries over the workspace, each of which has a row when something is wrong. tests/Infra.Tests/AlertTests.cs holds every name in them to the code.'

import { texts } from 'types.bicep'

@description('Name of the action group.')
param actionGroupName string

@description('Beginning of the names of the rules.')
param ruleNamePrefix string

@description('E-mail addresses that are written to.')
@minLength(1)
param emails string[]

@description('Azure region of the rules: that of the workspace.')
param location string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Milliseconds that the 95th percentile of first answers may take.')
param firstAnswerMs int

@description('Percent of the turns that may fail or be apologised for.')
param badTurnsPercent int

@description('Requests with a key that is not accepted, in a quarter of an hour, above which somebody is told.')
param refusedKeys int

@description('Hours without a turn after which somebody is told; 0 for never.')
param noTrafficHours int

@description('First hour of the day, by UTC, in which turns are expected.')
param trafficFromHour int

@description('Hour of the day, by UTC, from which on none are expected; may be smaller than the first one, where the day goes over midnight.')
param trafficToHour int

@description('Tags of the resources.')
param tags texts

// Azure Monitor's exporter sends count, sum, minimum and maximum of a histogram and no buckets, so a percentile comes from the lines of the turns:
// https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-add-modify
// A small line has few turns in a quarter of an hour, so what counts is a share with a few turns behind it, not a number of turns that only a large one has.
var quarterOfAnHour = [
  {
    name: 'first-answer'
    severity: 2
    text: 'Callers wait too long for the first answer.'
    query: '''
AppTraces
| where Properties.CategoryName == "Switchboard.Turn.TurnTelemetry" and toint(Properties.EventId) == 100
| where isnotempty(Properties.FirstAnswerMs)
| summarize p95 = percentile(todouble(Properties.FirstAnswerMs), 95), turns = count() by model = tostring(Properties.Model)
| where turns >= 10 and p95 > {0}
'''
  }
  {
    name: 'bad-turns'
    severity: 1
    text: 'Turns fail, or callers hear the apology.'
    query: '''
AppMetrics
| where Name == "switchboard.turns"
| where tostring(Properties.outcome) != "refused"
| summarize bad = sumif(Sum, tostring(Properties.outcome) in ("failed", "apologised")), turns = sum(Sum) by model = tostring(Properties.model)
| where bad >= 3 and bad * 100 > turns * {1}
'''
  }
  {
    name: 'refused-keys'
    severity: 2
    text: 'Requests come with a key that is not accepted: a platform with an old key, or somebody who tries keys.'
    query: '''
AppMetrics
| where Name == "switchboard.access.refused" and tostring(Properties["error.type"]) == "invalid_api_key"
| summarize refused = sum(Sum)
| where refused > {2}
'''
  }
  {
    name: 'busy'
    severity: 2
    text: 'Turns or requests are refused for want of room: scale-out comes too late, its ceiling is reached, or a key asks too much.'
    query: '''
AppMetrics
| where Name in ("switchboard.turns", "switchboard.access.refused") and tostring(Properties["error.type"]) == "rate_limit_exceeded"
| summarize refused = sum(Sum)
| where refused > 0
'''
  }
  {
    name: 'vault'
    severity: 1
    text: 'The key vault cannot be read, or holds no key: nobody gets in, or nobody will once the keys are too old.'
    query: '''
AppTraces
| where Properties.CategoryName startswith "Switchboard." and toint(Properties.EventId) in (302, 306, 307, 308, 309, 310)
| summarize failures = count(), nobodyGetsIn = countif(toint(Properties.EventId) != 306) by AppRoleInstance
| where nobodyGetsIn > 0 or failures >= 3
'''
  }
  {
    name: 'transcripts'
    severity: 2
    text: 'Transcripts were dropped.'
    query: '''
AppMetrics
| where Name == "switchboard.transcripts.dropped"
| summarize dropped = sum(Sum) by reason = tostring(Properties.reason)
| where dropped > 0
'''
  }
  {
    name: 'log-cap'
    severity: 2
    text: 'The workspace has reached its daily cap: until its next day lines are lost, and the other rules are blind.'
    query: '''
_LogOperation
| where Category == "Ingestion" and Level == "Warning"
'''
  }
]

// All of the time that is looked back on lies within the hours of traffic. Of no rows, `summarize` without `by` makes one with 0.
var noTraffic = {
  name: 'no-traffic'
  severity: 1
  text: 'No turn was asked for: the platform does not reach the app, or the app does not run.'
  query: '''
let first = (hourofday(ago({3}h)) - {4} + 24) % 24;
let last = (hourofday(now()) - {4} + 24) % 24;
let open = iff({4} == {5}, 24, ({5} - {4} + 24) % 24);
AppTraces
| where Properties.CategoryName == "Switchboard.Turn.TurnTelemetry" and toint(Properties.EventId) == 100
| summarize turns = count()
| where turns == 0 and (open == 24 or (first <= last and last < open))
'''
}

var rules = concat(
  map(quarterOfAnHour, rule => union(rule, { window: 'PT15M' })),
  noTrafficHours == 0 ? [] : [union(noTraffic, { window: 'PT${noTrafficHours}H' })]
)

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    // Stands in the subject; at most 12 characters.
    groupShortName: 'switchboard'
    enabled: true
    emailReceivers: [
      for (email, index) in emails: {
        name: 'email-${index}'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${ruleNamePrefix}${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Switchboard: ${rule.name}'
      description: '${rule.text} What to do: docs/operations.md, "Alerts".'
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      targetResourceTypes: ['Microsoft.OperationalInsights/workspaces']
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      // One message when it begins, and one when it is over.
      autoMitigate: true
      // A table is made with its first row, which comes after the first deployment.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: format(
              rule.query,
              firstAnswerMs,
              badTurnsPercent,
              refusedKeys,
              noTrafficHours,
              trafficFromHour,
              trafficToHour
            )
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]
