using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using static Switchboard.Testing.ScriptedCall;

namespace Switchboard.Tests.Actions;

/// <summary>The example of the README's "Let it act", run as it is written there.</summary>
public sealed partial class ReadmeActionsTests
{
    private static readonly string Section = File.ReadAllText(Repository.PathOf("README.md")).ReplaceLineEndings("\n").Split("## Let it act")[1].Split("\n## ")[0];

    [Fact]
    public async Task Readme_LetItAct_DoesWhatItSays()
    {
        await using var tools = await LoopbackMcpServer.StartAsync();
        await using var upstream = FaultyUpstream.Start(
            Failures.Stream(Sse.Role + Call("weather") + End("tool_calls")),
            Failures.Stream(Sse.Role + Sse.Text("The spa has closed, I put you through.") + Call("transfer") + End("tool_calls")));
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(Block(0)));
        var settings = new ConfigurationBuilder().AddJsonStream(json).Build().AsEnumerable().Where(setting => setting.Value is not null && setting.Key != "$schema")
            .ToDictionary(setting => setting.Key, setting => setting.Value);
        Assert.Equal("upstream", settings["Models:0:Responder"]);
        settings["Models:0:Upstreams:0:BaseUrl"] = upstream.BaseUrl.ToString();
        Assert.True(Uri.TryCreate(settings["Models:0:Tools:Mcp:0:Url"], UriKind.Absolute, out _));
        settings["Models:0:Tools:Mcp:0:Url"] = tools.Url.AbsoluteUri;
        await using var host = await TestHost.StartAsync(settings: settings);
        await host.WaitForLogAsync(410);
        using var response = await host.PostAsync(Json.Request(stream: false, more: $",{Inline().Match(Section).Groups["json"].Value}"));

        var heard = (await Json.ReadAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

        Assert.Equal(Block(1).Replace("\n", "", StringComparison.Ordinal), heard);
        var asked = upstream.Requests.First(request => request.Method == "POST").Json;
        Assert.EndsWith("You talk to Ada in room 12.", asked.GetProperty("messages")[0].GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            ["hangup", "transfer", "weather"],
            asked.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()));
    }

    private static string Block(int index) => Fenced().Matches(Section)[index].Groups["text"].Value;

    [GeneratedRegex("```(?:json)?\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`(?<json>\"extendData\": .*?)` in the request")]
    private static partial Regex Inline();
}
