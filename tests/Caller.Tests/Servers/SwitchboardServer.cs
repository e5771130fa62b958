using System.Text.Json;
using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Caller.Tests.Servers;

/// <summary>LocalHost's own app on a free port of 127.0.0.1.</summary>
internal sealed class SwitchboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SwitchboardServer(WebApplication app) => _app = app;

    public string BaseUrl => $"{_app.Urls.Single()}/v1";

    /// <summary>Starts it with settings as they stand in a settings file.</summary>
    public static async Task<SwitchboardServer> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var app = LocalHostApp.Build(
            "http://127.0.0.1:0",
            [.. settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value))],
            builder => builder.Logging.ClearProviders());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SwitchboardServer(app);
    }

    /// <summary>The settings of <c>local.settings.sample.json</c>.</summary>
    public static async Task<Dictionary<string, string?>> SampleAsync(string file)
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        return document.RootElement.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
