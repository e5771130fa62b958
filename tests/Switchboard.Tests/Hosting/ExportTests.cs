using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Switchboard.Tests.Hosting;

/// <summary>What leaves the process: the real OTLP exporter against a collector on loopback.</summary>
public sealed class ExportTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Otlp_EndpointSet_ExportsTheTurnAndContentOnlyWhenAsked(bool withContent)
    {
        await using var collector = await OtlpCollector.StartAsync();
        await using var host = await TestHost.StartAsync(settings: new Dictionary<string, string?>(collector.Settings)
        {
            ["Telemetry:MessageContent"] = withContent ? "true" : null,
        });
        using var response = await host.PostAsync(Json.Request(said: "caller-words", more: ""","extendData":{"instanceId":"call-77"}"""));
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        await host.WaitForTurnEndAsync();

        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000));
        Assert.True(host.Services.GetRequiredService<MeterProvider>().ForceFlush(10_000));
        Assert.True(host.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000));

        Assert.Contains("switchboard.turn", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("call-77", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("gen_ai.operation.name", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.All(
            (string[])["switchboard.turns", "switchboard.turns.open", "switchboard.turn.duration", "switchboard.turn.first_speech", "switchboard.keys.age"],
            name => Assert.Contains(name, collector.Received("/v1/metrics"), StringComparison.Ordinal));
        Assert.Contains("Turn ended", collector.Received("/v1/logs"), StringComparison.Ordinal);
        Assert.Equal(withContent, collector.Received("/v1/traces").Contains("caller-words", StringComparison.Ordinal));
        Assert.DoesNotContain("caller-words", collector.Received("/v1/logs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Telemetry_NothingSet_LoadsNoExporter()
    {
        await using var host = await TestHost.StartAsync();

        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.Null(host.Services.GetService<MeterProvider>());
    }

    [Fact]
    public async Task Otlp_ResponderFails_ExportsNoExceptionMessage()
    {
        await using var collector = await OtlpCollector.StartAsync();
        var responder = new GatedChatClient();
        await using var host = await TestHost.StartAsync(responder, new Dictionary<string, string?>(collector.Settings));
        responder.Fail(new InvalidOperationException("exception-words"));
        using var response = await host.PostAsync(Json.Request("fake"));
        await host.WaitForTurnEndAsync();

        Assert.True(host.Services.GetRequiredService<TracerProvider>().ForceFlush(10_000));
        Assert.True(host.Services.GetRequiredService<LoggerProvider>().ForceFlush(10_000));

        Assert.Contains("InvalidOperationException", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("exception-words", collector.Received("/v1/traces"), StringComparison.Ordinal);
        Assert.DoesNotContain("exception-words", collector.Received("/v1/logs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000001", true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317", true)]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", " ", false)]
    public void AddSwitchboardTelemetry_Variable_DecidesWhetherAnythingIsExported(string name, string value, bool isExported)
    {
        // Only registered, not built: the exporter for Azure looks for a network beyond this machine as soon as it exists.
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(name, (string?)value)]).Build();

        Assert.Equal(isExported, new ServiceCollection().AddSwitchboardTelemetry(configuration) is not null);
    }
}
