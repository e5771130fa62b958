using Microsoft.Extensions.Logging.Console;
using Switchboard;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>The app: the engine on Kestrel.</summary>
internal static class LocalHostApp
{
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Console:Enabled"] = "true",
        ["Transcripts:InMemory"] = "true",
        // At a failed start, or when a background service fails, it logs the exception with its stack trace; Program says in one line what is wrong.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
        ["Logging:Console:FormatterName"] = ConsoleFormatterNames.Simple,
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "HH:mm:ss.fff ",
    };

    /// <param name="url">Where to listen, unless there are <c>Kestrel:Endpoints</c>.</param>
    /// <param name="settings">Settings from a file; the environment wins over them.</param>
    /// <param name="configure">What the program adds, or a test replaces.</param>
    /// <param name="folder">Where <c>switchboard.json</c> is, which those settings win over; null for nowhere.</param>
    public static WebApplication Build(
        string url, IEnumerable<KeyValuePair<string, string?>> settings, Action<WebApplicationBuilder>? configure = null, SettingsFolder? folder = null)
    {
        // No command-line arguments: a key must come from a settings file or the environment, never from a shell's history.
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(Defaults);
        builder.Configuration.AddInMemoryCollection(Shell.LogLevels);
        if (folder is not null)
        {
            ((IConfigurationBuilder)builder.Configuration).Add(new SettingsPlace(folder));
        }

        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddEnvironmentVariables();
        // Certificates of Kestrel:Endpoints, which the slim builder leaves out.
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        // They win, and Kestrel would warn at each start of the other one.
        if (!HasEndpoints(builder.Configuration))
        {
            builder.WebHost.UseUrls(url);
        }

        builder.Services.AddClosingServer();
        // The slim builder has chosen the formatter "simple" in code, which would win over the configuration.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = builder.Configuration["Logging:Console:FormatterName"]);
        configure?.Invoke(builder);
        builder.Services.AddSwitchboard(builder.Configuration);
        builder.Services.AddSwitchboardTelemetry(builder.Configuration);
        var app = builder.Build();
        app.UseClosingConnections();
        app.UseLocalNames(isPublic: app.Settings().Access.HasApiKey(LocalSettings.SampleKey));
        app.UseSingleSlashes();
        app.UseRouting();
        app.UseOverview();
        app.MapSwitchboard();
        return app;
    }

    /// <summary>Whether Kestrel's own settings say where to listen.</summary>
    public static bool HasEndpoints(IConfiguration settings) => settings.GetSection("Kestrel:Endpoints").Exists();

    /// <summary>Starts it.</summary>
    /// <returns>False when it was told to end before it had started, which is no failure.</returns>
    public static async Task<bool> StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
            return true;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
