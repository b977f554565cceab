using System.Management.Automation.Host;

namespace VteWats.Host;

/// <summary>What the formatter must know of the screen. There is nothing to draw on: cursor and buffer are not for scripts.</summary>
internal sealed class ConsoleScreen : PSHostRawUserInterface
{
    private const int WidthOfLogFiles = 160;

    /// <summary>Columns of the terminal; wide enough for tables where there is none.</summary>
    public static int Width
    {
        get
        {
            if (Console.IsOutputRedirected) return WidthOfLogFiles;
            try { return Console.WindowWidth > 0 ? Console.WindowWidth : WidthOfLogFiles; }
            catch (IOException) { return WidthOfLogFiles; }
        }
    }

    public override Size BufferSize { get => new(Width, 5000); set { } }
    public override Size WindowSize { get => new(Width, 50); set { } }
    public override Size MaxPhysicalWindowSize => WindowSize;
    public override Size MaxWindowSize => WindowSize;
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;
    public override Coordinates CursorPosition { get; set; }
    public override int CursorSize { get; set; } = 1;
    public override Coordinates WindowPosition { get; set; }
    public override string WindowTitle { get; set; } = "VteWatsAdapter";
    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override void FlushInputBuffer() { }
    public override KeyInfo ReadKey(ReadKeyOptions options) => throw new NotSupportedException("VteWatsAdapter does not read single keys.");
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw new NotSupportedException();
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) { }
}
