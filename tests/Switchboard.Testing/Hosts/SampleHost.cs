using LocalHost;

namespace Switchboard.Testing;

/// <summary>The app with the sample settings of the repository, as a newcomer starts it, but without its pauses.</summary>
internal static class SampleHost
{
    public static LocalSettings Settings { get; } = LocalSettings.Find(NodePackages.Folder)!;

    public static Task<TestHost> StartAsync() => TestHost.StartAsync(settings: new Dictionary<string, string?>(Settings.Values)
    {
        ["Access:ApiKeys:0"] = TestHost.Key,
        ["Models:0:Simulated:Delay"] = "00:00:00",
        ["Models:0:Simulated:Text"] = null,
    });
}
