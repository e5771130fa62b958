namespace Switchboard.Testing;

/// <summary>The bodies in <c>tests/Switchboard.Tests/Upstream/Inputs</c>, by the beginning of their names, such as <c>F01-</c>.</summary>
internal static class RecordedInputs
{
    /// <summary>The body whose name begins with <paramref name="start"/>, byte for byte.</summary>
    public static byte[] Read(string start) =>
        File.ReadAllBytes(Directory.GetFiles(Repository.PathOf("tests", "Switchboard.Tests", "Upstream", "Inputs"), $"{start}*").Single());
}
