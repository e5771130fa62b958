using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Switchboard.Contract;
using Switchboard.Platforms;
using Switchboard.Testing;

namespace Benchmarks;

/// <summary>What it costs to recognise the platform of a request and to read its call: a conversation of 20 messages, with tools.</summary>
[MemoryDiagnoser]
[MaxIterationCount(16)]
public class DialectBenchmarks
{
    private const int Messages = 20;

    private readonly CallContextReader _reader = new(new CallsOptions());
    private readonly HttpRequest _http = new DefaultHttpContext().Request;
    private JsonElement _body;

    /// <summary>The platform; Pipecat and Deepgram are recognised by nothing, so every dialect is asked.</summary>
    [ParamsSource(nameof(Platforms))]
    public string Platform { get; set; } = "";

    public static IEnumerable<string> Platforms => PlatformRequests.All.Select(request => request.Platform).Distinct();

    [GlobalSetup]
    public void Setup()
    {
        var request = PlatformRequests.All.First(request => request.Platform == Platform);
        while (JsonNode.Parse(request.Json)!["messages"]!.AsArray().Count < Messages)
        {
            request = request.Next("Breakfast is from seven until half past ten, on the ground floor.", "And do you have a table for four at nine?");
        }

        request = request.With(body =>
        {
            if (!body.ContainsKey("functions"))
            {
                var tools = body["tools"]?.DeepClone().AsArray() ?? [];
                for (var tool = 0; tool < 4; tool++)
                {
                    tools.Add(JsonNode.Parse($$$"""
                        {"type":"function","function":{"name":"tool_{{{tool}}}","description":"{{{new string('d', 200)}}}",
                         "parameters":{"type":"object","properties":{"a":{"type":"string","description":"{{{new string('p', 100)}}}"},"b":{"type":"integer"} } } } }
                        """));
                }

                body["tools"] = tools;
            }
        });
        _body = JsonBody.Parse(Encoding.UTF8.GetBytes(request.Json)).RootElement;
        foreach (var (name, value) in request.Headers)
        {
            _http.Headers.Append(name, value);
        }

        // Of any client.
        foreach (var name in new[] { "Host", "Accept", "User-Agent", "Content-Type", "Content-Length", "Authorization" })
        {
            _http.Headers.Append(name, "value");
        }

        _http.QueryString = request.Path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? new QueryString(request.Path[at..]) : default;
    }

    [Benchmark]
    public object Read()
    {
        var call = _reader.Read(_body, _http);
        _reader.Check(call, _body, _http);
        return call;
    }
}
