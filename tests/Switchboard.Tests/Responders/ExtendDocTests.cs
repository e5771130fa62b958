using System.Text;
using System.Text.RegularExpressions;
using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Switchboard.Tests.Responders;

/// <summary>The example of docs/extend.md, as it is written there.</summary>
public sealed partial class ExtendDocTests
{
    private static readonly string Doc = File.ReadAllText(Repository.PathOf("docs/extend.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Doc_ClassOfTheExample_IsTheOneThatIsTested()
    {
        var source = File.ReadAllText(Repository.PathOf("tests/Switchboard.Tests/Responders/QueueChatClient.cs")).ReplaceLineEndings("\n");

        Assert.Equal(source.Replace("namespace Switchboard.Tests.Responders;\n\n", "", StringComparison.Ordinal), Block("csharp", 0));
    }

    [Fact]
    public async Task Doc_RegistrationAndSettings_AnswerACall()
    {
        Assert.Equal("builder.Services.AddResponder(\"queue\", provider => new QueueChatClient());\n", Block("csharp", 1));
        await using var app = await StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);

        Assert.Equal("You call from +4930. Somebody will be with you soon.", await AnswerAsync(client, "Hello"));
        Assert.Equal("""Goodbye.<imsagent_hangup endword="Have a good day."/>""", await AnswerAsync(client, "Okay, bye!"));
    }

    private static async Task<WebApplication> StartAsync()
    {
        var settings = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Block("json", 0)))).Build()
            .AsEnumerable().Where(setting => setting.Value is not null).ToDictionary(setting => setting.Key, setting => setting.Value);
        settings["Access:ApiKeys:0"] = TestHost.Key;
        var app = LocalHostApp.Build("http://127.0.0.1:0", settings, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddResponder("queue", provider => new QueueChatClient());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<string?> AnswerAsync(HttpClient client, string said)
    {
        using var response = await client.PostAsync(
            "/v1/chat/completions",
            Json.Content(Json.Request("reception", said, stream: false, more: ""","extendData":{"callerNumber":"+4930"}""")),
            TestContext.Current.CancellationToken);
        return (await Json.ReadAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }

    private static string Block(string language, int index) =>
        CodeBlock().Matches(Doc).Where(block => block.Groups["language"].Value == language).ElementAt(index).Groups["code"].Value;

    [GeneratedRegex("```(?<language>[a-z]+)\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
