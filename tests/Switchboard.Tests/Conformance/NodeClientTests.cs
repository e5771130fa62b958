using System.Text.Json;
using Switchboard.Responders;

namespace Switchboard.Tests.Conformance;

/// <summary>The npm package openai, driven by Node, against a real Kestrel.</summary>
public sealed class NodeClientTests
{
    [Fact]
    public async Task Client_EveryCase_ReadsWhatWasSaid()
    {
        await NodePackages.RequireAsync();
        await using var host = await SampleHost.StartAsync();
        var script = Path.Combine(NodePackages.Folder, "Switchboard.Tests", "Conformance", "client.mjs");
        using var output = JsonDocument.Parse(await NodePackages.RunAsync("node", script, $"{host.Address}v1", TestHost.Key));
        var result = output.RootElement;

        var text = new SimulatedOptions().Text;
        var streamed = result.GetProperty("streamed");
        Assert.Equal(text, streamed.GetProperty("text").GetString());
        Assert.Equal("stop", streamed.GetProperty("finish").GetString());
        Assert.Equal(1, streamed.GetProperty("ids").GetInt32());
        Assert.Equal(JsonValueKind.Null, streamed.GetProperty("usage").ValueKind);
        Assert.Equal(text, result.GetProperty("helper").GetString());

        var usage = result.GetProperty("usage").GetProperty("usage");
        Assert.Equal(1 + usage.GetProperty("completion_tokens").GetInt32(), usage.GetProperty("total_tokens").GetInt32());

        var call = Assert.Single(result.GetProperty("toolCall").GetProperty("calls").EnumerateArray());
        Assert.Equal("""{"index":0,"name":"hangup","arguments":{}}""", call.GetRawText());
        Assert.Equal("tool_calls", result.GetProperty("toolCall").GetProperty("finish").GetString());
        Assert.Equal("Thank you for calling. Goodbye!", result.GetProperty("toolCall").GetProperty("text").GetString());

        Assert.Equal(text, result.GetProperty("whole").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        var whole = result.GetProperty("wholeToolCall").GetProperty("choices")[0];
        Assert.Equal("hangup", whole.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function").GetProperty("name").GetString());
        Assert.Equal(["demo", "reception"], result.GetProperty("models").EnumerateArray().Select(id => id.GetString()));

        var refused = result.GetProperty("refused");
        Assert.Equal(401, refused.GetProperty("status").GetInt32());
        Assert.Equal("invalid_api_key", refused.GetProperty("code").GetString());
        Assert.StartsWith("req_", refused.GetProperty("requestId").GetString(), StringComparison.Ordinal);
    }
}
