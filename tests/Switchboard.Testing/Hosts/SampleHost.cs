using LocalHost;
using Switchboard.Hosting;

namespace Switchboard.Testing;

/// <summary>The app with the settings of the repository, as a newcomer starts it, but without its pauses.</summary>
internal static class SampleHost
{
    /// <summary>What <c>local.settings.sample.json</c> and <c>switchboard.json</c> say together.</summary>
    public static IReadOnlyDictionary<string, string?> Settings { get; } = Read();

    public static Task<TestHost> StartAsync() => TestHost.StartAsync(settings: new Dictionary<string, string?>(Settings)
    {
        ["Access:ApiKeys:0"] = TestHost.Key,
        ["Models:0:Simulated:Delay"] = "00:00:00",
        ["Models:0:Simulated:Text"] = null,
    });

    private static Dictionary<string, string?> Read()
    {
        var file = SettingsFile.Parse(File.ReadAllText(Repository.PathOf(SettingsFolder.FileName)));
        var settings = new Dictionary<string, string?>(LocalSettings.Find(NodePackages.Folder)!.Values.Concat(file.Values), StringComparer.OrdinalIgnoreCase);
        settings.Remove("Models:1:PromptFile", out var prompt);
        settings["Models:1:Prompt"] = File.ReadAllText(Repository.PathOf(prompt!));
        return settings;
    }
}
