using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Switchboard.Tests.Models;

/// <summary>What the models need is built when the app starts, not on the first caller's turn.</summary>
public sealed class ModelStartTests
{
    [Fact]
    public async Task Start_ServerThatWasAddedFirst_FindsTheModelsBuilt()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var built = 0;
        var server = new Server(() => built);
        // As the Functions worker does: its connection to the host is there before the app's own services are added.
        builder.Services.AddHostedService(_ => server);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Services.AddResponder("mine", _ =>
        {
            built++;
            return new GatedChatClient();
        });
        builder.Services.Configure<global::Switchboard.Hosting.SwitchboardOptions>(options => options.Models.Add(new() { Id = "demo", Responder = "mine" }));

        using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 1), (server.Found, built));
    }

    [Fact]
    public async Task FirstTurn_OfEveryModel_LoadsNoAssemblyForTemplatesPatternsAndTokens()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has loaded stands in /proc.");
        using var host = await LocalHostProcess.StartAsync(new Dictionary<string, string>
        {
            ["Access__ApiKeys__0"] = TestHost.Key,
            ["Models__0__Id"] = "demo",
            ["Models__0__Responder"] = "simulated",
            ["Models__0__Prompt"] = "You talk to {{userData.name}}.",
            ["Models__0__History__MaxTokens"] = "1000",
            ["Models__1__Id"] = "scripted",
            ["Models__1__Responder"] = "scripted",
            ["Models__1__Script__0__When"] = "hello",
            ["Models__1__Script__0__Say"] = "Hello, {{call.callerNumber}}.",
        });
        var loaded = Loaded(host.Id);

        foreach (var model in new[] { "demo", "scripted" })
        {
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
            client.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);
            using var answer = await client.PostAsync("/v1/chat/completions", Json.Content(Json.Request(model: model)), TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        Assert.Contains("Microsoft.ML.Tokenizers.Data.O200kBase.dll", loaded);
        Assert.Contains("Handlebars.dll", loaded);
        Assert.Equal(loaded, Loaded(host.Id));
    }

    // What compiles templates and patterns and counts tokens.
    private static List<string> Loaded(int process) =>
    [
        .. File.ReadLines($"/proc/{process}/maps")
            .Select(line => Path.GetFileName(line.Split(' ')[^1]))
            .Where(name => name is "Handlebars.dll" or "System.Text.RegularExpressions.dll" or "System.Linq.Expressions.dll"
                || name.StartsWith("Microsoft.ML.Tokenizers", StringComparison.Ordinal))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private sealed class Server(Func<int> built) : IHostedService
    {
        public int Found { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Found = built();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
