using System.Text.Json;
using HostStandIn;
using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Switchboard.Hosting;

namespace FunctionsApp.Tests;

/// <summary>The published worker behind the stand-in of the host, and LocalHost, with the same settings: those of the repository, without their pauses.</summary>
public sealed class BothShells : IAsyncLifetime
{
    private StandInHost _worker = null!;
    private WebApplication _localHost = null!;

    internal Uri Worker => _worker.Address;

    internal Uri LocalHost => new(_localHost.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        var settings = Settings();
        _worker = await PublishedWorker.StartAsync(settings);
        _localHost = LocalHostApp.Build(
            "http://127.0.0.1:0",
            settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)),
            builder => builder.Logging.ClearProviders(),
            // The worker finds its own beside it.
            new LocalSettingsFolder(Repository.Root));
        await _localHost.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _localHost.DisposeAsync();
        await _worker.DisposeAsync();
    }

    private static Dictionary<string, string?> Settings()
    {
        using var sample = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("local.settings.sample.json")));
        var settings = sample.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString());
        settings["Models__0__Simulated__Delay"] = "00:00:00";
        settings["Access__ApiKeys__0"] = PublishedWorker.Key;
        settings["Access__OperatorKeys__0"] = PublishedWorker.OperatorKey;
        settings["Console__Enabled"] = "true";
        // LocalHost would keep calls in memory where no table is.
        settings["Transcripts__InMemory"] = "false";
        return settings;
    }
}
