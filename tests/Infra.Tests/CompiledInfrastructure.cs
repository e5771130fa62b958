using System.Text.Json.Nodes;

namespace Infra.Tests;

/// <summary>
/// A copy of <c>infra/</c>, compiled once: the ARM template, and what it deploys with each switch on and off
/// (<c>bicep snapshot</c> evaluates every expression that needs no answer from Azure).
/// </summary>
public sealed class CompiledInfrastructure : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("switchboard-infra-").FullName;
    private readonly Dictionary<(bool Vnet, bool OpenAi), Deployment> _deployments = [];

    internal const string PrincipalId = "11111111-1111-1111-1111-111111111111";

    internal BicepRun Build { get; private set; } = null!;

    internal BicepRun BuildParameters { get; private set; } = null!;

    internal JsonObject Template { get; private set; } = null!;

    internal JsonObject Parameters { get; private set; } = null!;

    /// <summary>The template and every template nested in it.</summary>
    internal IEnumerable<JsonObject> Templates => Nested(Template);

    internal IEnumerable<Deployment> Deployments => _deployments.Values;

    /// <summary>What an operator gets who set every other setting of the parameter file, behind a virtual network.</summary>
    internal Deployment Tuned { get; private set; } = null!;

    internal Deployment Deploy(bool vnet, bool openAi) => _deployments[(vnet, openAi)];

    public async ValueTask InitializeAsync()
    {
        if (!BicepCli.IsSupported)
        {
            return;
        }

        CopyInfrastructure();
        Build = await RunAsync([], "build", "main.bicep", "--no-restore", "--outfile", "main.json");
        BuildParameters = await RunAsync([], "build-params", "main.bicepparam", "--no-restore", "--outfile", "parameters.json");
        Template = await ReadAsync("main.json");
        Parameters = await ReadAsync("parameters.json");
        foreach (var vnet in new[] { false, true })
        {
            foreach (var openAi in new[] { false, true })
            {
                _deployments.Add((vnet, openAi), await SnapshotAsync(new()
                {
                    ["VNET_ENABLED"] = vnet ? "true" : "false",
                    ["OPENAI_ENABLED"] = openAi ? "true" : "false",
                }));
            }
        }

        Tuned = await SnapshotAsync(new()
        {
            ["VNET_ENABLED"] = "true",
            ["VAULT_ALLOWED_IP_RANGES"] = "203.0.113.7,198.51.100.0/24",
            ["ALWAYS_READY_HTTP_INSTANCES"] = "0",
            ["INSTANCE_MEMORY_MB"] = "512",
            ["MAXIMUM_INSTANCE_COUNT"] = "7",
            ["HTTP_PER_INSTANCE_CONCURRENCY"] = "25",
            ["RECOVER_VAULT"] = "true",
            ["MAX_REQUEST_BYTES"] = "2097152",
            ["REQUESTS_PER_MINUTE"] = "60",
            ["ALLOWED_IP_RANGES"] = "203.0.113.9,198.51.100.0/24",
            ["FUNCTION_KEY_REQUIRED"] = "true",
            ["LOG_DAILY_CAP_GB"] = "2",
            ["AZURE_PRINCIPAL_TYPE"] = "ServicePrincipal",
            ["SECRETS_WRITE_ENABLED"] = "true",
            ["TRANSCRIPTS_ENABLED"] = "true",
            ["CONSOLE_ENABLED"] = "true",
            ["SETTINGS_BLOB_ENABLED"] = "true",
            ["TRANSCRIPTS_RETENTION_DAYS"] = "7",
            ["TRANSCRIPTS_REDACT"] = "Numbers",
            ["OPENAI_ENABLED"] = "true",
            ["OPENAI_AGENT"] = "front-desk",
            ["OPENAI_MODEL_NAME"] = "some-model",
            ["OPENAI_MODEL_VERSION"] = "2026-01-01",
            ["OPENAI_SKU_NAME"] = "DataZoneStandard",
            ["OPENAI_CAPACITY"] = "3",
            ["OPENAI_MAX_TOKENS"] = "1000",
            ["ALERT_EMAIL"] = "desk@example.com, night@example.com",
            ["ALERT_FIRST_ANSWER_MS"] = "900",
            ["ALERT_BAD_TURNS_PERCENT"] = "2",
            ["ALERT_REFUSED_KEYS"] = "7",
            ["ALERT_NO_TRAFFIC_HOURS"] = "2",
            ["ALERT_TRAFFIC_FROM_HOUR"] = "6",
            ["ALERT_TRAFFIC_TO_HOUR"] = "22",
            ["BUDGET_AMOUNT"] = "120",
            ["BUDGET_START"] = "2026-11-01",
        });
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Compiles a text of the test's own under the project's lint rules.</summary>
    internal async Task<BicepRun> BuildTextAsync(string bicep)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "probe.bicep"), bicep, TestContext.Current.CancellationToken);
        return await RunAsync([], "build", "probe.bicep", "--no-restore", "--stdout");
    }

    /// <summary>What a deployment with these settings of azd's environment would be, or why it would be none.</summary>
    internal Task<BicepRun> TrySnapshotAsync(Dictionary<string, string> settings)
    {
        settings["AZURE_PRINCIPAL_ID"] = PrincipalId;
        return RunAsync(
            settings,
            "snapshot", "main.bicepparam", "--mode", "overwrite", "--location", "swedencentral",
            "--subscription-id", "22222222-2222-2222-2222-222222222222",
            "--tenant-id", "33333333-3333-3333-3333-333333333333");
    }

    private async Task<Deployment> SnapshotAsync(Dictionary<string, string> settings)
    {
        var run = await TrySnapshotAsync(settings);
        Assert.True(run.ExitCode == 0, run.Diagnostics);
        return new Deployment(await ReadAsync("main.snapshot.json"));
    }

    private Task<BicepRun> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        environment["AZURE_ENV_NAME"] = "test";
        environment["AZURE_LOCATION"] = "swedencentral";
        return BicepCli.RunAsync(_directory, environment, arguments, TestContext.Current.CancellationToken);
    }

    private async Task<JsonObject> ReadAsync(string file)
    {
        var path = Path.Combine(_directory, file);
        Assert.True(File.Exists(path), $"{file} was not written.{Environment.NewLine}{Build.Diagnostics}{BuildParameters?.Diagnostics}");
        return JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!.AsObject();
    }

    private void CopyInfrastructure()
    {
        var source = Repository.PathOf("infra");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_directory, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>The resources of one template: Bicep writes them by symbolic name or, where it needs none, as a list.</summary>
    internal static IEnumerable<JsonObject> ResourcesOf(JsonObject template) =>
        (template["resources"] is JsonObject named ? named.Select(resource => resource.Value) : template["resources"]!.AsArray())
            .Select(resource => resource!.AsObject());

    private static IEnumerable<JsonObject> Nested(JsonObject template) =>
        ResourcesOf(template)
            .Select(resource => resource["properties"]?["template"])
            .OfType<JsonObject>()
            .SelectMany(Nested)
            .Prepend(template);
}

/// <summary>One compilation serves every class that needs it.</summary>
[CollectionDefinition(Name)]
public sealed class InfrastructureTestGroup : ICollectionFixture<CompiledInfrastructure>
{
    internal const string Name = "Infrastructure";
}
