using Microsoft.AspNetCore.Http;
using OpenTelemetry.Trace;
using static Switchboard.Testing.RoundsChatClient;

namespace Switchboard.Tests.Tools;

/// <summary>What of the caller's trace a tool server is told: nothing.</summary>
public sealed class McpTraceTests
{
    private static readonly string[] Fields = ["traceparent", "tracestate", "baggage", "Correlation-Context", "Request-Id"];

    [Fact]
    public async Task Post_TracesAreExportedAndTheCallerSendsItsOwn_ServerGetsNoneOfIt()
    {
        await using var server = await LoopbackMcpServer.StartAsync();
        var model = new RoundsChatClient(Call("weather"), Say("Sunny."));
        await using var host = await TestHost.StartAsync(
            model,
            new Dictionary<string, string?>
            {
                ["Models:1:Tools:Mcp:0:Url"] = server.Url.AbsoluteUri,
                // Nothing listens there; the exporter fails quietly.
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            },
            // As an app does that wants to see its tools in its traces: the client library then writes the trace into its messages too.
            services: services => services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddSource("*")));
        await host.WaitForLogAsync(410);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json.Content(Json.Request("fake")) };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=caller-state");
        request.Headers.Add("baggage", "person=caller-baggage");
        request.Headers.Add("Correlation-Context", "person=caller-baggage");
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(StatusCodes.Status200OK, (int)response.StatusCode);
        Assert.Contains("Sunny.", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(server.Calls);
        Assert.All(server.Requests, sent =>
        {
            Assert.DoesNotContain(Fields, sent.Headers.ContainsKey);
            var message = sent.Message.ToJsonString();
            Assert.DoesNotContain(Fields.Concat(["0af7651916cd43dd8448eb211c80319c", "caller-state", "caller-baggage"]), part => message.Contains(part, StringComparison.OrdinalIgnoreCase));
        });
    }
}
