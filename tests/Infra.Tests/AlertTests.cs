using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>Who is written to, of what, and from which threshold on.</summary>
[Collection(InfrastructureTestGroup.Name)]
public sealed class AlertTests(CompiledInfrastructure infrastructure)
{
    private const string RuleType = "Microsoft.Insights/scheduledQueryRules";

    [BicepTheory]
    [InlineData("first-answer", "p95 > 900")]
    [InlineData("bad-turns", "bad * 100 > turns * 2")]
    [InlineData("refused-keys", "refused > 7")]
    [InlineData("busy", "refused > 0")]
    [InlineData("vault", "failures >= 3")]
    [InlineData("transcripts", "dropped > 0")]
    [InlineData("log-cap", "Ingestion")]
    [InlineData("no-traffic", "let open = iff(6 == 22, 24, (22 - 6 + 24) % 24)")]
    public void Rule_OfEachKind_FiresByItsThreshold(string name, string condition)
    {
        var rule = Assert.Single(infrastructure.Tuned.OfType(RuleType), rule => Deployment.Text(rule["name"]).EndsWith($"-{name}", StringComparison.Ordinal))["properties"]!;

        Assert.Contains(condition, Query(rule), StringComparison.Ordinal);
        Assert.Equal(name == "no-traffic" ? "PT2H" : "PT15M", (string?)rule["windowSize"]);
        Assert.Equal("[\"<monitoring.workspaceId>\"]", $"[\"{ModuleOutput.Shorten(Deployment.Text(Assert.Single(rule["scopes"]!.AsArray())))}\"]");
    }

    [BicepFact]
    public void Rules_All_WriteToTheAddressesAndSayWhenItIsOver()
    {
        var group = infrastructure.Tuned.Single("Microsoft.Insights/actionGroups");
        var rules = infrastructure.Tuned.OfType(RuleType).Select(rule => rule["properties"]!).ToList();

        Assert.Equal(8, rules.Count);
        Assert.Equal(
            ["desk@example.com", "night@example.com"],
            group["properties"]!["emailReceivers"]!.AsArray().Select(receiver => Deployment.Text(receiver!["emailAddress"])));
        Assert.All(rules, rule =>
        {
            Assert.Equal(Deployment.Text(group["id"]), Deployment.Text(Assert.Single(rule["actions"]!["actionGroups"]!.AsArray())));
            Assert.True((bool?)rule["autoMitigate"]);
            Assert.True((bool?)rule["enabled"]);
            // A query that has a row fires.
            Assert.Equal("Count GreaterThan 0", $"{Criterion(rule)["timeAggregation"]} {Criterion(rule)["operator"]} {Criterion(rule)["threshold"]}");
        });
    }

    [BicepFact]
    public void Rule_NoTraffic_IsOffUnlessAskedFor()
    {
        var rules = infrastructure.Templates.Select(template => (string?)template["variables"]?["rules"]).Single(text => text?.Contains("noTraffic", StringComparison.Ordinal) is true);

        Assert.Equal(0, (int?)infrastructure.Template["parameters"]!["alertNoTrafficHours"]!["defaultValue"]);
        Assert.Contains("if(equals(parameters('noTrafficHours'), 0), createArray(), ", rules, StringComparison.Ordinal);
    }

    [BicepFact]
    public void Deployment_WithoutAddress_HasNeitherAlertsNorBudget() => Assert.DoesNotContain(
        infrastructure.Deploy(vnet: false, openAi: false).Resources,
        resource => Deployment.Text(resource["type"]) is RuleType or "Microsoft.Insights/actionGroups" or "Microsoft.Consumption/budgets");

    [BicepFact]
    public void Budget_OfTheGroup_TellsBeforeAndWhenItIsSpent()
    {
        var budget = infrastructure.Tuned.Single("Microsoft.Consumption/budgets")["properties"]!;

        Assert.Equal((120, "Monthly", "2026-11-01"), ((int?)budget["amount"], (string?)budget["timeGrain"], (string?)budget["timePeriod"]!["startDate"]));
        Assert.Equal(
            ["Actual 80", "Actual 100", "Forecasted 100"],
            budget["notifications"]!.AsObject().Select(notification => $"{notification.Value!["thresholdType"]} {notification.Value["threshold"]}"));
        Assert.All(budget["notifications"]!.AsObject(), notification =>
            Assert.Equal("""["desk@example.com","night@example.com"]""", notification.Value!["contactEmails"]!.ToJsonString()));
    }

    [BicepFact]
    public async Task Budget_WithoutItsFirstMonth_StopsTheDeploymentAndSaysWhatToDo()
    {
        var run = await infrastructure.TrySnapshotAsync(new() { ["ALERT_EMAIL"] = "desk@example.com", ["BUDGET_AMOUNT"] = "5" });

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("azd env set BUDGET_START", run.Diagnostics, StringComparison.Ordinal);
    }

    internal static string Query(JsonNode rule) => Deployment.Text(Criterion(rule)["query"]);

    private static JsonNode Criterion(JsonNode rule) => Assert.Single(rule["criteria"]!["allOf"]!.AsArray())!;
}
