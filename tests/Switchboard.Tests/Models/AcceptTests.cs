namespace Switchboard.Tests.Models;

/// <summary>What a model accepts of requests.</summary>
public sealed class AcceptTests
{
    private const string Image = """{"type":"image_url","image_url":{"url":"https://a/b.png"}}""";
    private const string Audio = """{"type":"input_audio","input_audio":{"format":"wav","data":"AAAA"}}""";
    private const string Tools = ""","tools":[{"type":"function","function":{"name":"f"}}]""";

    [Theory]
    [InlineData("", 40)]
    [InlineData(""","max_tokens":30""", 30)]
    [InlineData(""","max_tokens":41""", 40)]
    [InlineData(""","max_tokens":2147483647""", 40)]
    [InlineData(""","max_completion_tokens":30""", 30)]
    [InlineData(""","max_completion_tokens":50""", 40)]
    [InlineData(""","max_tokens":10,"max_completion_tokens":50""", 40)]
    public async Task Post_WithACeiling_TheResponderNeverGetsMore(string more, int expected)
    {
        var responder = new RoundsChatClient(RoundsChatClient.Say("Hello."));
        await using var host = await StartAsync(responder, ("MaxTokens", "40"));
        using var response = await host.PostAsync(Json.Request("fake", more: more));
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, responder.Options!.MaxOutputTokens);
    }

    [Fact]
    public async Task Post_WithoutACeiling_TheResponderGetsWhatWasAsked()
    {
        var responder = new RoundsChatClient(RoundsChatClient.Say("Hello."), RoundsChatClient.Say("Hello."));
        await using var host = await StartAsync(responder);
        using var first = await host.PostAsync(Json.Request("fake", more: ""","max_tokens":100000"""));
        await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(100_000, responder.Options!.MaxOutputTokens);
        using var second = await host.PostAsync(Json.Request("fake"));
        await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Null(responder.Options!.MaxOutputTokens);
    }

    [Theory]
    [InlineData("Tools", """{"role":"user","content":"a"}""", Tools, "tools")]
    [InlineData("SystemMessages", """{"role":"user","content":"a"},{"role":"system","content":"b"}""", "", "messages[1].role")]
    [InlineData("SystemMessages", """{"role":"developer","content":"b"},{"role":"user","content":"a"}""", "", "messages[0].role")]
    [InlineData("Images", "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"a\"}," + Image + "]}", "", "messages[0].content[1]")]
    [InlineData("Images", """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}""", "", "messages[0].content[0]")]
    [InlineData("Images", """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:application/pdf;base64,AAAA"}}]}""", "", "messages[0].content[0]")]
    [InlineData("Audio", "{\"role\":\"user\",\"content\":[" + Audio + "]}", "", "messages[0].content[0]")]
    [InlineData("Audio", """{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:audio/wav;base64,AAAA"}}]}""", "", "messages[0].content[0]")]
    public async Task Post_WhatIsNotAccepted_Is400AndNamesTheField(string setting, string messages, string more, string param)
    {
        var body = $$"""{"model":"fake","messages":[{{messages}}]{{more}}}""";
        var refusing = new RoundsChatClient();
        await using (var host = await StartAsync(refusing, (setting, "false")))
        {
            using var response = await host.PostAsync(body);
            Assert.Equal(400, (int)response.StatusCode);
            var error = await Json.ReadErrorAsync(response);
            Assert.Equal(("unsupported_value", param), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
            Assert.Empty(refusing.Asked);
        }

        var accepting = new RoundsChatClient(RoundsChatClient.Say("Hello."));
        await using (var host = await StartAsync(accepting))
        {
            using var response = await host.PostAsync(body);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    public async Task Post_PlainTurnToAModelThatAcceptsNothing_IsAnswered()
    {
        var responder = new RoundsChatClient(RoundsChatClient.Say("Hello."));
        await using var host = await StartAsync(responder, ("Tools", "false"), ("SystemMessages", "false"), ("Images", "false"), ("Audio", "false"));
        using var response = await host.PostAsync("""
            {"model":"fake","tools":[],"messages":[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"1","content":"done"},{"role":"user","content":[{"type":"text","text":"a"}]}]}
            """);

        Assert.Equal(200, (int)response.StatusCode);
    }

    private static Task<TestHost> StartAsync(RoundsChatClient responder, params (string Name, string Value)[] accept) =>
        TestHost.StartAsync(responder, accept.ToDictionary(setting => $"Models:1:Accept:{setting.Name}", setting => (string?)setting.Value));
}
