using System.Security.Cryptography;

namespace Switchboard.Hosting;

/// <summary>
/// A folder of this machine. Links are followed as long as they stay in it: who may write a text must not choose what else of this machine is said to callers.
/// A pipe, or a drive on a network, may never answer, and nothing ends the thread that asks it: it is left behind, and the same is not asked again before it has changed.
/// </summary>
/// <param name="path">The folder.</param>
/// <param name="open">Opens a file; null for the file system.</param>
internal sealed class LocalSettingsFolder(string path, Func<string, Stream>? open = null) : SettingsFolder
{
    private const int MostLinks = 40;
    private const int MostNames = 1000;

    // Threads left behind with files that others have replaced since.
    private const int MostHanging = 4;

    // The contents are read with every so many looks at sizes and times: a copy that keeps both is seen within two seconds.
    private const int LooksPerReading = 8;

    private const string Looking = "";

    private readonly Dictionary<string, (string Form, string Digest)> _seen = new(StringComparer.Ordinal);
    private readonly List<(Task Work, string Of)> _hanging = [];
    private int _looks;

    public override string FilePath { get; } = Path.Combine(Path.GetFullPath(path), FileName);

    private string Folder => Path.GetDirectoryName(FilePath)!;

    protected override async ValueTask<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        var form = await InTimeAsync(Looking, path, () => Form(path), cancellationToken);
        return await InTimeAsync(form, path, () => Read(path, maxBytes), cancellationToken);
    }

    protected override async ValueTask<IReadOnlyList<string>> NamesBesideAsync(string path, CancellationToken cancellationToken) =>
        await InTimeAsync(Looking, path, () => NamesBeside(path), cancellationToken);

    public override async ValueTask<string> StampAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var readsAll = _looks++ % LooksPerReading == 0;
        var stamps = new List<string>();
        foreach (var path in paths)
        {
            var form = await InTimeAsync(Looking, path, () => Form(path), cancellationToken);
            if (readsAll || _seen.GetValueOrDefault(path).Form != form)
            {
                _seen[path] = (form, await DigestAsync(path, form, cancellationToken));
            }

            stamps.Add($"{path} {_seen[path].Digest}");
        }

        return string.Join('\n', stamps);
    }

    private async ValueTask<string> DigestAsync(string path, string form, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(Below(path), MaxFileBytes, cancellationToken) is { } bytes ? Convert.ToHexStringLower(SHA256.HashData(bytes)) : "-";
        }
        catch (SettingsFileException failure)
        {
            return $"{form} {failure.Message}";
        }
    }

    private async Task<T> InTimeAsync<T>(string of, string path, Func<T> work, CancellationToken cancellationToken)
    {
        _hanging.RemoveAll(hanging => hanging.Work.IsCompleted);
        if (_hanging.Count >= MostHanging || _hanging.Exists(hanging => hanging.Of == of))
        {
            throw Hangs(path);
        }

        var running = Task.Run(work, CancellationToken.None);
        try
        {
            return await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            _hanging.Add((running, of));
            throw Hangs(path);
        }
    }

    private SettingsOutageException Hangs(string path) =>
        new($"{Path.Combine(Folder, path)} cannot be opened or read in time: it is a pipe, or its drive does not answer");

    private byte[]? Read(string path, int maxBytes)
    {
        try
        {
            var real = RealPath(Path.Combine(Folder, path));
            if (!IsInside(real))
            {
                throw new SettingsFileException($"it is a link that leads out of the folder of {FileName}");
            }

            if (Directory.Exists(real))
            {
                throw new SettingsFileException("it is a folder; expected a file");
            }

            if (!File.Exists(real))
            {
                return null;
            }

            using var file = open?.Invoke(real) ?? new FileStream(real, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (!file.CanSeek)
            {
                throw new SettingsFileException("it is a pipe; expected a file");
            }

            // One more, so that a file that grows while it is read is seen too.
            var bytes = new byte[Math.Min(file.Length, maxBytes) + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count <= maxBytes ? bytes[..count] : throw new SettingsFileException($"it is larger than {maxBytes / 1024} KiB");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            // Gone between two looks.
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SettingsFileException($"it cannot be read ({(failure is UnauthorizedAccessException ? "access is denied" : failure.GetType().Name)})", failure);
        }
    }

    // By what the path leads to: an editor, or a mounted volume, may put another file there.
    private string Form(string path)
    {
        try
        {
            var file = new FileInfo(RealPath(Path.Combine(Folder, Below(path))));
            return file.Exists ? $"{path} {file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}" : $"{path} -";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SettingsFileException)
        {
            return $"{path} {failure.GetType().Name}";
        }
    }

    private string[] NamesBeside(string path)
    {
        try
        {
            var folder = RealPath(Path.GetDirectoryName(Path.Combine(Folder, path))!);
            return folder == RealPath(Folder) || IsInside(folder) ? [.. new DirectoryInfo(folder).EnumerateFiles().Select(file => file.Name).Take(MostNames)] : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // There is no such folder, or it is not for us to see.
            return [];
        }
    }

    private bool IsInside(string real) => real.StartsWith(Path.TrimEndingDirectorySeparator(RealPath(Folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // The path without links, part by part; what does not exist is no link.
    private static string RealPath(string path)
    {
        var links = 0;
        var real = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(Parts(path[real.Length..]).Reverse());
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("A link that leads to itself.");
            }

            real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
            foreach (var below in Parts(target[(Path.IsPathRooted(target) ? real.Length : 0)..]).Reverse())
            {
                rest.Push(below);
            }
        }

        return real;
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");
}
