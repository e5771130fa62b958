using LocalHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Switchboard.Hosting;

namespace Switchboard.Testing;

/// <summary>LocalHost's app with a folder of its own for <c>switchboard.json</c>, which a test may rewrite while the app runs.</summary>
internal sealed class SettingsHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchboard-settings-");
    private readonly Dictionary<string, (TaskCompletionSource Asked, ManualResetEventSlim Answers)> _stuck = [];
    private WebApplication _app = null!;

    private SettingsHost()
    {
    }

    public HttpClient Client { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    /// <param name="file">What <c>switchboard.json</c> says.</param>
    /// <param name="texts">The texts beside it.</param>
    /// <param name="settings">What wins over it.</param>
    /// <param name="services">What is added to the services.</param>
    /// <param name="configure">What else is done before the app is built.</param>
    public static async Task<SettingsHost> StartAsync(
        string file,
        IReadOnlyDictionary<string, string>? texts = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplicationBuilder>? configure = null)
    {
        var host = new SettingsHost();
        foreach (var (path, text) in texts ?? new Dictionary<string, string>())
        {
            host.Write(path, text);
        }

        host.Write(SettingsFolder.FileName, file);
        host._app = LocalHostApp.Build(
            "http://127.0.0.1:0",
            [new("Access:ApiKeys:0", TestHost.Key), .. settings ?? new Dictionary<string, string?>()],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddFakeLogging();
                services?.Invoke(builder.Services);
                configure?.Invoke(builder);
            },
            new LocalSettingsFolder(host._folder.FullName, host.Open));
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(host._app.Urls.Single()) };
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", TestHost.Key);
        return host;
    }

    /// <summary>Writes a file as many editors do: another one, which takes its place.</summary>
    public void Write(string path, string text)
    {
        var file = PathOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText($"{file}~", text);
        lock (_stuck)
        {
            // Who waits goes on waiting.
            _stuck.Remove(file);
            File.Move($"{file}~", file, overwrite: true);
        }
    }

    /// <summary>Writes a file in its place.</summary>
    public void WriteInPlace(string path, string text) => File.WriteAllText(PathOf(path), text);

    public string PathOf(string path) => Path.Combine(_folder.FullName, path);

    public void Delete(string path) => File.Delete(PathOf(path));

    /// <summary>Has whoever opens a file wait for ever, as a pipe does, or a drive on a network that has gone; until it is written anew.</summary>
    /// <returns>Ends when somebody waits.</returns>
    public Task StickAsync(string path)
    {
        var stuck = (Asked: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new ManualResetEventSlim());
        lock (_stuck)
        {
            _stuck[PathOf(path)] = stuck;
        }

        return stuck.Asked.Task;
    }

    public Task<HttpResponseMessage> PostAsync(string model, string heard) => Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = Json.Content($$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{heard}}"}]}"""),
        },
        HttpCompletionOption.ResponseHeadersRead,
        TestContext.Current.CancellationToken);

    /// <summary>What a model says.</summary>
    public async Task<string> AskAsync(string model, string heard)
    {
        using var response = await PostAsync(model, heard);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the event <paramref name="id"/>, a minute at most.</summary>
    public Task<FakeLogRecord> WaitForLogAsync(int id, int times = 1) => Logs.WaitForAsync(id, times);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
    private FileStream Open(string path)
    {
        (TaskCompletionSource Asked, ManualResetEventSlim Answers) stuck;
        lock (_stuck)
        {
            if (!_stuck.TryGetValue(path, out stuck))
            {
                return File.OpenRead(path);
            }
        }

        stuck.Asked.TrySetResult();
        stuck.Answers.Wait();
        throw new IOException();
    }
}
