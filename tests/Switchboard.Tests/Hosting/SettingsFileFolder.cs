using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Switchboard.Hosting;

namespace Switchboard.Tests.Hosting;

/// <summary>A folder with a <c>switchboard.json</c>, and the settings that it makes with others.</summary>
public abstract class SettingsFileFolder : IDisposable
{
    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("switchboard-");

    public void Dispose()
    {
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected void Write(string path, string text)
    {
        var file = Path.Combine(Folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    protected List<string> Failures(Dictionary<string, string?> above) => [.. Assert.Throws<OptionsValidationException>(() => Bind(above)).Failures];

    protected SwitchboardOptions Bind(Dictionary<string, string?> above, Dictionary<string, string?>? below = null) => Read(Configuration(above, below)).Options;

    protected string Version(Dictionary<string, string?> above) => Read(Configuration(above, null), checks: false).Version;

    private IConfigurationRoot Configuration(Dictionary<string, string?> above, Dictionary<string, string?>? below) => new ConfigurationBuilder()
        .AddInMemoryCollection(below ?? [])
        .Add(new SettingsPlace(new LocalSettingsFolder(Folder.FullName)))
        .AddInMemoryCollection(above)
        .Build();

    protected static (SwitchboardOptions Options, string Version) Read(IConfiguration configuration, bool checks = true)
    {
        using var services = new ServiceCollection().AddLogging().AddSwitchboard(configuration).BuildServiceProvider();
        return (checks ? services.GetRequiredService<IOptions<SwitchboardOptions>>().Value : new SwitchboardOptions(), services.GetRequiredService<SettingsState>().Loaded.Version);
    }
}
